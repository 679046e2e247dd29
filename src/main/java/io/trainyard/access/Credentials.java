package io.trainyard.access;

import io.trainyard.problem.ProblemException;

/** Recognises who sends a request that did not come by HTTP; the module {@code security} implements it. */
public interface Credentials {

    /**
     * @param authorization as in the HTTP header of that name; empty for none
     * @param address from which it came
     * @throws ProblemException UNAUTHENTICATED when nobody is recognised, TOO_MANY_FAILURES, RATE_LIMITED
     */
    Actor recognise(String authorization, String address);
}
