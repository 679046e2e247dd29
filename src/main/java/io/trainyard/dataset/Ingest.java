package io.trainyard.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes rows of the files of one format.
 *
 * @param <S> what a client says of them
 */
interface Ingest<S extends IngestSpec> {

    /**
     * Reads the files and stores the splits.
     *
     * @param files by the names of their parts; the required ones are there
     * @param folder for temporary files, gone when the request has ended
     * @throws io.trainyard.problem.ProblemException INVALID_DATASET, which names file, row and column
     * @throws IOException when a disk fails
     */
    Ingested ingest(S spec, Map<String, UploadedFile> files, Path folder) throws IOException;
}
