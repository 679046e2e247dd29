package io.trainyard.access;

/**
 * What was good a moment ago has been revoked, or has expired: whoever holds something open for it ends that.
 *
 * @param credential as an {@link Actor} bears it
 */
public record CredentialWithdrawn(String credential) {}
