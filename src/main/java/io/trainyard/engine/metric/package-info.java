/** The figures by which an epoch is judged, computed from predictions and targets alone. */
@org.jspecify.annotations.NullMarked
package io.trainyard.engine.metric;
