/**
 * Rollouts: a candidate version behind an alias, asked beside the version that serves or in its place, with what was seen of it,
 * until it is promoted or rolled back. How requests are shared out is the business of serving; it tells a {@link
 * io.trainyard.rollout.Tally} what happened.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Rollout",
        allowedDependencies = {"json", "model", "encoding", "problem"})
package io.trainyard.rollout;
