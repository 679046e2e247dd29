package io.trainyard.access;

import java.util.Optional;

/** Tells whose things of one kind are; the module that has them implements it. */
public interface Owners {

    Kind kind();

    /**
     * @param id as it stands in an address: anything
     * @return empty where there is no such thing
     */
    Optional<Owner> of(String id);
}
