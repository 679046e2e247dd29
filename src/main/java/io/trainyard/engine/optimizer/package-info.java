/** The step from a gradient to new parameters, with Keras' formulas on one flat vector of parameters. */
@org.jspecify.annotations.NullMarked
package io.trainyard.engine.optimizer;
