/**
 * From a network's spec to DL4J's graph of layers, channels and features last, and back: where each weight of the spec
 * lies in the graph's parameters, and in which layout.
 */
@org.jspecify.annotations.NullMarked
package io.trainyard.engine.graph;
