package io.trainyard.dataset;

/** Mean and standard deviation of numbers that come one by one (Welford, 1962). */
final class Moments {

    private long count;
    private double mean;
    private double squares;

    void add(double value) {
        count++;
        double distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
    }

    long count() {
        return count;
    }

    /** 0 where there is no number. */
    double mean() {
        return mean;
    }

    /** Of the population. */
    double std() {
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }
}
