/**
 * A step of training as oneDNN's own primitives: forward, backward and the gradient of every weight, each primitive in the
 * memory layout that it likes best (oneDNN 2.5 developer guide, "Training-Specific Aspects" and "Memory Format Propagation").
 * Weights and gradients stay DL4J's, in its flat arrays; DL4J's own way through such a step takes three to ten times as long,
 * nearly all of it between the kernels.
 *
 * <p>One class for each family of layers adds its primitives to a {@link io.trainyard.engine.onednn.PlanBuilder}; the {@link
 * io.trainyard.engine.onednn.Plan} is then run for each batch. What is not known here is left to DL4J.
 */
@org.jspecify.annotations.NullMarked
package io.trainyard.engine.onednn;
