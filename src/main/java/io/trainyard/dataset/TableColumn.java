package io.trainyard.dataset;

import io.trainyard.encoding.Column;
import io.trainyard.problem.ProblemException;

/**
 * A column of an uploaded table that the network is to see: from its cells to raw values, and from those of the training
 * split to what is fitted on them.
 */
interface TableColumn {

    /**
     * The raw value of a cell that is not missing.
     *
     * @throws ProblemException INVALID_DATASET
     */
    float raw(CsvFile file, CsvCells cells, int cell);

    /**
     * The raw value of a missing cell.
     *
     * @throws ProblemException INVALID_DATASET
     */
    float missing(CsvFile file, CsvCells cells, int cell);

    /** The most inputs that it can become. */
    int mostWidth();

    /** Takes in a raw value of the training split. */
    void fit(float raw);

    /**
     * The fitted column.
     *
     * @param warnings takes what its user should know
     */
    Column fitted(Warnings warnings);
}
