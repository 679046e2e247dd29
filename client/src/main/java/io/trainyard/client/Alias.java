package io.trainyard.client;

import java.time.Instant;

/** A name that points at a version. */
public record Alias(String alias, int version, Instant movedAt) {}
