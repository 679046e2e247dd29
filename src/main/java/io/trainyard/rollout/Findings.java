package io.trainyard.rollout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What has been seen of a rollout over some time. Findings can be added up. For one thread at a time. */
final class Findings {

    /** The newest disagreements of a rollout that are kept. */
    static final int MAX_DISAGREEMENTS = 100;

    /** Latencies are told apart by one percent. */
    private static final int SIGNIFICANT_DIGITS = 2;
    /** A request waits no longer for its answer. */
    private static final long MAX_MICROS = 3_600_000_000L;

    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Side, Histogram> latencies = new EnumMap<>(Side.class);
    private final Deque<Disagreement> disagreements = new ArrayDeque<>();
    private double largestDifference;

    void count(String figure, long more) {
        counts.merge(figure, more, Long::sum);
    }

    void latency(Side side, long micros, long count) {
        latencies
                .computeIfAbsent(side, unused -> new Histogram(SIGNIFICANT_DIGITS))
                .recordValueWithCount(Math.min(Math.max(micros, 1), MAX_MICROS), count);
    }

    void difference(double difference) {
        largestDifference = Math.max(largestDifference, difference);
    }

    void disagreement(Disagreement disagreement) {
        if (disagreements.size() == MAX_DISAGREEMENTS) {
            disagreements.remove();
        }
        disagreements.add(disagreement);
    }

    /** Adds what was found before this. */
    void addEarlier(Findings earlier) {
        earlier.counts.forEach(this::count);
        earlier.latencies.forEach((side, histogram) -> latencies
                .computeIfAbsent(side, unused -> new Histogram(SIGNIFICANT_DIGITS))
                .add(histogram));
        difference(earlier.largestDifference);
        while (!earlier.disagreements.isEmpty() && disagreements.size() < MAX_DISAGREEMENTS) {
            disagreements.addFirst(earlier.disagreements.removeLast());
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** By figure. */
    Map<String, Long> counts() {
        return counts;
    }

    /** How many answers of a side took about so many microseconds. */
    Map<Long, Long> latencies(Side side) {
        Map<Long, Long> byMicros = new TreeMap<>();
        Histogram histogram = latencies.get(side);
        if (histogram != null) {
            histogram
                    .recordedValues()
                    .forEach(value -> byMicros.put(value.getValueIteratedTo(), value.getCountAtValueIteratedTo()));
        }
        return byMicros;
    }

    /** The microseconds within which a share of a side's answers, in percent, came; 0 where there are none. */
    long percentile(Side side, double percent) {
        Histogram histogram = latencies.get(side);
        return histogram == null ? 0 : histogram.getValueAtPercentile(percent);
    }

    long answers(Side side) {
        Histogram histogram = latencies.get(side);
        return histogram == null ? 0 : histogram.getTotalCount();
    }

    double largestDifference() {
        return largestDifference;
    }

    /** The oldest first. */
    Deque<Disagreement> disagreements() {
        return disagreements;
    }
}
