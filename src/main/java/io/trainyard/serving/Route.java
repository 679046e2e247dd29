package io.trainyard.serving;

import io.trainyard.model.ModelVersion;
import io.trainyard.rollout.Rollout;
import org.jspecify.annotations.Nullable;

/**
 * The version that a request means.
 *
 * @param rollout the live one behind the alias that the request named, if there is one
 */
record Route(ModelVersion version, @Nullable Rollout rollout) {}
