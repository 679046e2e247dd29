package io.trainyard.client;

import org.jspecify.annotations.Nullable;

/**
 * Where an alias is to point.
 *
 * @param expectedVersion where it must point now, 0 for nowhere; not asked where it is null
 */
public record AliasRequest(int version, @Nullable Integer expectedVersion) {}
