package io.trainyard.engine;

import io.trainyard.engine.metric.Metric;
import io.trainyard.network.MetricSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss and metrics over rows that come one by one. */
public final class Figures {

    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private double lossSum;
    private long rows;

    public Figures(List<MetricSpec> specs, int classes) {
        specs.forEach(spec -> metrics.put(spec.name(), Metric.of(spec, classes)));
    }

    /**
     * Takes a row in.
     *
     * @param prediction holds the row's probabilities of classes, or its number, from {@code offset} on
     */
    void add(double loss, float[] prediction, int offset, int width, float target) {
        lossSum += loss;
        add(prediction, offset, width, target);
    }

    /** Takes in a row for whose loss nobody asks. */
    public void add(float[] prediction, int offset, int width, float target) {
        rows++;
        for (Metric metric : metrics.values()) {
            metric.add(prediction, offset, width, target);
        }
    }

    /** Writes what was taken in, for {@link #restore}. */
    public void save(DataOutput out) throws IOException {
        out.writeDouble(lossSum);
        out.writeLong(rows);
        for (Metric metric : metrics.values()) {
            double[] state = metric.state();
            out.writeInt(state.length);
            for (double value : state) {
                out.writeDouble(value);
            }
        }
    }

    /** Goes on from where figures of the same metrics were. */
    public void restore(DataInput in) throws IOException {
        lossSum = in.readDouble();
        rows = in.readLong();
        for (Metric metric : metrics.values()) {
            double[] state = new double[in.readInt()];
            for (int i = 0; i < state.length; i++) {
                state[i] = in.readDouble();
            }
            metric.restore(state);
        }
    }

    /** The mean over the rows. */
    double loss() {
        return lossSum / rows;
    }

    /** The metrics, by name. */
    public Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> values.put(name, metric.value()));
        return values;
    }
}
