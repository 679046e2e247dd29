package io.trainyard.serving;

import io.trainyard.model.ModelVersion;

/**
 * An answer.
 *
 * @param version the exact one that gave it
 */
record Answered(ModelVersion version, MicroBatcher.Answer answer) {}
