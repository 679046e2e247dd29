package io.trainyard.dataset;

/** A dataset that Trainyard knows by name and makes on first use. */
interface BuiltInDataset {

    String name();

    /** In a sentence, for people. */
    String description();

    /**
     * Reads the source and stores its splits.
     *
     * @throws io.trainyard.problem.ProblemException DATASET_UNAVAILABLE when the source cannot be had
     */
    DatasetContent ingest();
}
