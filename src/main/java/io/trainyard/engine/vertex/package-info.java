/** Vertices of a DL4J graph for what DL4J has no layer for: a forward and a backward function each. */
@org.jspecify.annotations.NullMarked
package io.trainyard.engine.vertex;
