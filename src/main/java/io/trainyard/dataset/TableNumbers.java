package io.trainyard.dataset;

import io.trainyard.encoding.Column;
import io.trainyard.encoding.NumericColumn;
import org.jspecify.annotations.Nullable;

/** A column of numbers, standardised by the training split unless its user says otherwise. */
final class TableNumbers implements TableColumn {

    /** Of the distance of a mean from 0 in standard deviations, above which 32 bits tell too few values apart. */
    private static final double COARSE = 1e5;

    private final String name;
    private final ColumnSpec spec;
    private final Moments moments = new Moments();
    private boolean hasMissing;

    TableNumbers(String name, ColumnSpec spec) {
        this.name = name;
        this.spec = spec;
    }

    @Override
    public int mostWidth() {
        return 2;
    }

    @Override
    public float raw(CsvFile file, CsvCells cells, int cell) {
        if (!cells.isNumber(cell)) {
            throw file.file()
                    .invalid(file.place(cells, cell) + cells.shown(cell)
                            + " is not a finite number; name it in missing_values where it stands for none, or say in"
                            + " columns that this one is categorical");
        }
        float number = cells.number(cell);
        if (Float.isInfinite(number)) {
            throw file.file().invalid(file.place(cells, cell) + cells.shown(cell) + " is beyond 32-bit numbers");
        }
        return number;
    }

    @Override
    public float missing(CsvFile file, CsvCells cells, int cell) {
        if (spec.missing() == ColumnSpec.Missing.ERROR) {
            throw file.file().invalid(file.place(cells, cell) + "a value is missing");
        }
        hasMissing = true;
        return Column.MISSING;
    }

    @Override
    public void fit(float raw) {
        if (!Float.isNaN(raw)) {
            moments.add(raw);
        }
    }

    @Override
    public Column fitted(Warnings warnings) {
        double mean = moments.mean();
        double std = moments.std();
        if (moments.count() > 1 && std == 0) {
            warnings.add("column '" + name + "' holds one number only, which tells a network nothing");
        } else if (Math.abs(mean) > COARSE * std && std > 0) {
            warnings.add("column '" + name + "' has numbers so far from 0 that 32 bits tell few of them apart; subtract"
                    + " most of their mean before sending them");
        }
        NumericColumn.Missing missing = whenMissing(mean);
        return spec.isStandardized()
                ? new NumericColumn(name, mean, std, missing)
                : new NumericColumn(name, 0, 1, missing);
    }

    private NumericColumn.@Nullable Missing whenMissing(double mean) {
        ColumnSpec.Missing asked = spec.missing();
        boolean indicator = Boolean.TRUE.equals(spec.missingIndicator());
        if (asked == ColumnSpec.Missing.ZERO) {
            return new NumericColumn.Missing(0, indicator);
        }
        boolean filled = asked == ColumnSpec.Missing.MEAN || (asked == null && (hasMissing || indicator));
        return filled ? new NumericColumn.Missing(mean, indicator) : null;
    }
}
