package io.trainyard.dataset;

import java.util.List;

/**
 * What was made of an upload.
 *
 * @param warnings what its user should know, in words
 */
record Ingested(DatasetContent content, List<String> warnings) {}
