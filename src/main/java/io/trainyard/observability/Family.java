package io.trainyard.observability;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one metric, in a form that goes through the database: Prometheus' own, without what only its client needs.
 *
 * @param name without {@code _total}
 */
record Family(String name, String help, Type type, List<Sample> samples) {

    /** Prometheus' types that workers use. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * @param value of a counter or gauge, or the sum of a histogram
     * @param buckets of a histogram, each by itself; null where it is none
     */
    record Sample(
            Map<String, String> labels,
            double value,
            @Nullable List<Bucket> buckets) {}

    /**
     * @param upTo null for infinity, which JSON has no word for
     */
    record Bucket(@Nullable Double upTo, long count) {}

    /** Reads a metric; empty where its type is none of ours, or where it has no samples. */
    static Optional<Family> of(MetricSnapshot metric) {
        Type type = metric instanceof CounterSnapshot
                ? Type.COUNTER
                : metric instanceof GaugeSnapshot
                        ? Type.GAUGE
                        : metric instanceof HistogramSnapshot ? Type.HISTOGRAM : null;
        if (type == null) {
            return Optional.empty();
        }
        List<Sample> samples = metric.getDataPoints().stream()
                .map(Family::sample)
                .filter(sample -> Double.isFinite(sample.value()))
                .toList();
        MetricMetadata about = metric.getMetadata();
        String help = about.getHelp();
        return samples.isEmpty()
                ? Optional.empty()
                : Optional.of(new Family(about.getPrometheusName(), help == null ? "" : help, type, samples));
    }

    private static Sample sample(DataPointSnapshot point) {
        Map<String, String> labels = new LinkedHashMap<>();
        point.getLabels().forEach(label -> labels.put(label.getName(), label.getValue()));
        if (point instanceof CounterDataPointSnapshot counter) {
            return new Sample(labels, counter.getValue(), null);
        }
        if (point instanceof GaugeDataPointSnapshot gauge) {
            return new Sample(labels, gauge.getValue(), null);
        }
        HistogramDataPointSnapshot histogram = (HistogramDataPointSnapshot) point;
        List<Bucket> buckets = new ArrayList<>();
        histogram.getClassicBuckets().forEach(bucket -> {
            double bound = bucket.getUpperBound();
            buckets.add(new Bucket(Double.isInfinite(bound) ? null : bound, bucket.getCount()));
        });
        return new Sample(labels, histogram.getSum(), buckets);
    }

    /** The same for each of its owner's labels besides. */
    Family with(Map<String, String> more) {
        return new Family(
                name,
                help,
                type,
                samples.stream()
                        .map(sample -> {
                            Map<String, String> labels = new LinkedHashMap<>(sample.labels());
                            labels.putAll(more);
                            return new Sample(labels, sample.value(), sample.buckets());
                        })
                        .toList());
    }

    /** The same metric with the other's samples as well. */
    Family and(Family other) {
        List<Sample> all = new ArrayList<>(samples);
        all.addAll(other.samples);
        return new Family(name, help, type, all);
    }

    MetricSnapshot snapshot() {
        MetricMetadata about = new MetricMetadata(name, help);
        return switch (type) {
            case COUNTER ->
                new CounterSnapshot(
                        about,
                        samples.stream()
                                .map(sample -> CounterDataPointSnapshot.builder()
                                        .labels(labels(sample))
                                        .value(sample.value())
                                        .build())
                                .toList());
            case GAUGE ->
                new GaugeSnapshot(
                        about,
                        samples.stream()
                                .map(sample -> GaugeDataPointSnapshot.builder()
                                        .labels(labels(sample))
                                        .value(sample.value())
                                        .build())
                                .toList());
            case HISTOGRAM ->
                new HistogramSnapshot(
                        about,
                        samples.stream()
                                .map(sample -> HistogramDataPointSnapshot.builder()
                                        .labels(labels(sample))
                                        .classicHistogramBuckets(buckets(sample))
                                        .sum(sample.value())
                                        .build())
                                .toList());
        };
    }

    private static Labels labels(Sample sample) {
        Labels.Builder labels = Labels.builder();
        sample.labels().forEach(labels::label);
        return labels.build();
    }

    private static ClassicHistogramBuckets buckets(Sample sample) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        if (sample.buckets() != null) {
            sample.buckets()
                    .forEach(bucket -> buckets.bucket(
                            bucket.upTo() == null ? Double.POSITIVE_INFINITY : bucket.upTo(), bucket.count()));
        }
        return buckets.build();
    }
}
