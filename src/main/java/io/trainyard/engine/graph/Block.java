package io.trainyard.engine.graph;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of a weight in a DL4J graph.
 *
 * @param vertex the vertex that has the parameter
 * @param parameter DL4J's key of it
 * @param layout takes the part out of the parameter, as a view in Keras' layout
 */
record Block(String vertex, String parameter, UnaryOperator<INDArray> layout) {}
