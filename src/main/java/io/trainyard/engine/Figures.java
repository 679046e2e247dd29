package io.trainyard.engine;

import io.trainyard.engine.metric.Metric;
import io.trainyard.network.MetricSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss and metrics over rows that come one by one. */
final class Figures {

    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private double lossSum;
    private long rows;

    Figures(List<MetricSpec> specs, int classes) {
        specs.forEach(spec -> metrics.put(spec.name(), Metric.of(spec, classes)));
    }

    /**
     * Takes a row in.
     *
     * @param prediction holds the row's probabilities of classes, or its number, from {@code offset} on
     */
    void add(double loss, float[] prediction, int offset, int width, float target) {
        lossSum += loss;
        rows++;
        for (Metric metric : metrics.values()) {
            metric.add(prediction, offset, width, target);
        }
    }

    /** The mean over the rows. */
    double loss() {
        return lossSum / rows;
    }

    /** The metrics, by name. */
    Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> values.put(name, metric.value()));
        return values;
    }
}
