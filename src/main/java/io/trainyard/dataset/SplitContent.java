package io.trainyard.dataset;

import io.trainyard.artifact.Artifact;
import java.util.List;

/**
 * A split's files and counts.
 *
 * @param features an IDX file of raw rows: [rows, …]
 * @param labels an IDX file of class indices, or of numbers: [rows]
 * @param classCounts rows of each class; empty where the labels are numbers
 */
public record SplitContent(Artifact features, Artifact labels, int rows, List<Integer> classCounts) {}
