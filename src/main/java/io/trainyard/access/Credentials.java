package io.trainyard.access;

import io.trainyard.problem.ProblemException;

/** Recognises who sends a request that did not come by HTTP, and knows whether somebody is still let in; the module {@code security} implements it. */
public interface Credentials {

    /**
     * @param authorization as in the HTTP header of that name; empty for none
     * @param address from which it came
     * @throws ProblemException UNAUTHENTICATED when nobody is recognised, TOO_MANY_FAILURES, RATE_LIMITED
     */
    Actor recognise(String authorization, String address);

    /** Whether what an actor was recognised by is good still; while PostgreSQL is away it is. */
    boolean isGood(Actor actor);
}
