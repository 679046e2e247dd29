package io.trainyard.engine.graph;

import io.trainyard.network.layer.Weight;
import java.util.List;

/**
 * Where a weight lies.
 *
 * @param node the layer that has it
 * @param blocks its parts, one after another along the last axis
 */
record Placement(String node, Weight weight, List<Block> blocks) {}
