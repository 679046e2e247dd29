package io.trainyard.rollout;

import java.time.Duration;
import java.util.List;

/** Counts what happens in this process to the requests of a rollout, until it is added to the sums in the database. */
public final class Tally {

    private final RolloutMeters meters;
    private Findings findings = new Findings();
    private int underWay;

    Tally(RolloutMeters meters) {
        this.meters = meters;
    }

    /** A side has answered a request, whose client gets that answer. */
    public synchronized void answered(Side side, Duration time) {
        latency(side, time);
        findings.count(side == Side.VERSION ? Figures.VERSION_ANSWERED : Figures.CANARY_ANSWERED, 1);
        meters.request(side == Side.VERSION ? "version" : "canary");
    }

    /** The candidate has not answered a request that it was to answer. */
    public synchronized void canaryFailed(String reason) {
        findings.count(Figures.CANARY_FAILED + reason, 1);
        meters.request("canary-failed");
    }

    /**
     * The candidate is to be asked besides, unless so many requests are under way already.
     *
     * @return false if they are; if true, one of {@link #compared}, {@link #dropped}, {@link #shadowFailed} must follow
     */
    public synchronized boolean begin(int limit) {
        if (underWay >= limit) {
            return false;
        }
        underWay++;
        return true;
    }

    /** Whether answers of the candidate are awaited. */
    synchronized boolean isUnderWay() {
        return underWay > 0;
    }

    /** The candidate was not asked, for too much was under way already. */
    public synchronized void notBegun(String reason) {
        drop(reason);
    }

    /** The candidate was not asked. */
    public synchronized void dropped(String reason) {
        underWay--;
        drop(reason);
    }

    private void drop(String reason) {
        findings.count(Figures.DROPPED + reason, 1);
        meters.request("dropped");
    }

    /** The candidate was asked, and gave no answer. */
    public synchronized void shadowFailed(String reason) {
        underWay--;
        findings.count(Figures.SHADOW_FAILED + reason, 1);
        meters.request("shadow-failed");
    }

    /**
     * The candidate's answer was compared with that of the version.
     *
     * @param rows of the request
     * @param agreed how many of them have the same answer
     * @param difference the largest
     * @param disagreements about the others, or some of them
     */
    public synchronized void compared(
            int rows, int agreed, double difference, Duration time, List<Disagreement> disagreements) {
        underWay--;
        latency(Side.CANDIDATE, time);
        findings.count(Figures.COMPARED, 1);
        findings.count(Figures.ROWS, rows);
        findings.count(Figures.ROWS_AGREED, agreed);
        findings.difference(difference);
        disagreements.forEach(findings::disagreement);
        meters.request("compared");
        meters.rows(agreed, rows - agreed);
    }

    private void latency(Side side, Duration time) {
        findings.latency(side, time.toNanos() / 1000, 1);
        meters.answered(side, time);
    }

    /** Takes out what was found since. */
    synchronized Findings drain() {
        Findings drained = findings;
        findings = new Findings();
        return drained;
    }

    /** Takes back what was drained. */
    synchronized void restore(Findings drained) {
        findings.addEarlier(drained);
    }

    /** Its meters go. */
    void close() {
        meters.close();
    }
}
