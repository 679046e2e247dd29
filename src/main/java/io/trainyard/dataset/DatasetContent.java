package io.trainyard.dataset;

import io.trainyard.encoding.Encoding;
import java.util.List;
import java.util.Map;

/** What is in a dataset version, in the form that its row in the database keeps as JSON and its SHA-256 covers. */
record DatasetContent(Encoding encoding, List<String> classes, Map<Split, SplitContent> splits) {}
