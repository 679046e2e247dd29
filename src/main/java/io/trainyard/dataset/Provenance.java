package io.trainyard.dataset;

import java.util.List;

/**
 * Where a version came from.
 *
 * @param spec what its sender said, complete
 * @param files what was sent
 * @param warnings what its user should know, in words
 * @param duplicates rows of the test split whose features the training split has too, to the bit
 */
public record Provenance(IngestSpec spec, List<UploadedFile> files, List<String> warnings, int duplicates) {}
