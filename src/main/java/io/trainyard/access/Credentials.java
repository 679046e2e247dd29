package io.trainyard.access;

import java.util.Optional;

/** Recognises who sends a request; the module {@code security} implements it. */
public interface Credentials {

    /**
     * @param authorization as in the HTTP header of that name; empty for none
     * @return empty when nobody is recognised
     */
    Optional<Actor> recognise(String authorization);
}
