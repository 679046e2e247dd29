package io.trainyard.model;

/**
 * A version is about to be deleted. Listeners are called within the transaction that deletes it, under the model's lock; one
 * that needs the version throws a ProblemException, VERSION_IN_USE.
 */
public record VersionDeletion(String model, int version) {}
