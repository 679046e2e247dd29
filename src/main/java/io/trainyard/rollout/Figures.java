package io.trainyard.rollout;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a rollout, in sums over all API processes.
 *
 * @param version of the alias' version
 * @param canary of the candidate in the place of the alias' version
 * @param shadow of the candidate beside the alias' version
 * @param candidateLatency of the candidate's answers in either way
 */
record Figures(VersionFigures version, CanaryFigures canary, ShadowFigures shadow, LatencyFigures candidateLatency) {

    static final String VERSION_ANSWERED = "version_answered";
    static final String CANARY_ANSWERED = "canary_answered";
    static final String CANARY_FAILED = "canary_failed:";
    static final String COMPARED = "compared";
    static final String DROPPED = "dropped:";
    static final String SHADOW_FAILED = "shadow_failed:";
    static final String ROWS = "rows";
    static final String ROWS_AGREED = "rows_agreed";

    private static final double MEDIAN = 50;
    private static final double HIGH = 99;
    private static final double MICROS_IN_MILLI = 1000;

    /** Requests that the alias' version answered. */
    record VersionFigures(@Schema(example = "120") long answered, LatencyFigures latency) {}

    /**
     * Requests that were given to the candidate.
     *
     * @param answered by it
     * @param failed that it did not answer, by the reason, and that the alias' version was asked in its place
     */
    record CanaryFigures(
            @Schema(example = "0") long answered,
            @Schema(example = "{\"loading\": 1}") Map<String, Long> failed) {}

    /**
     * Requests that the candidate was to be asked besides: those compared, dropped and failed together.
     *
     * @param dropped not asked, by the reason: {@code loading}, or {@code busy} when its queue was half full
     * @param failed by the reason
     * @param rows of the compared requests
     * @param rowsAgreed those with the same most probable class, or with numbers within the tolerance
     * @param agreement the share of them; missing while there are none
     * @param largestDifference between two probabilities, or between the two numbers
     */
    record ShadowFigures(
            @Schema(example = "120") long compared,
            Map<String, Long> dropped,
            Map<String, Long> failed,
            @Schema(example = "120") long rows,
            @Schema(example = "118") long rowsAgreed,
            @Schema(example = "0.983") @Nullable Double agreement,
            @Schema(example = "0.41") double largestDifference) {}

    /**
     * How long answers took, from the version's queue on, in milliseconds, to about one percent.
     *
     * @param p50Ms within which half of them came; missing while there are none
     */
    record LatencyFigures(
            long count,
            @Schema(example = "1.2") @Nullable Double p50Ms,
            @Schema(example = "4.8") @Nullable Double p99Ms) {

        static LatencyFigures of(Findings findings, Side side) {
            long count = findings.answers(side);
            return count == 0
                    ? new LatencyFigures(0, null, null)
                    : new LatencyFigures(
                            count,
                            findings.percentile(side, MEDIAN) / MICROS_IN_MILLI,
                            findings.percentile(side, HIGH) / MICROS_IN_MILLI);
        }
    }

    static Figures of(Findings findings) {
        long rows = count(findings, ROWS);
        long agreed = count(findings, ROWS_AGREED);
        return new Figures(
                new VersionFigures(count(findings, VERSION_ANSWERED), LatencyFigures.of(findings, Side.VERSION)),
                new CanaryFigures(count(findings, CANARY_ANSWERED), reasons(findings, CANARY_FAILED)),
                new ShadowFigures(
                        count(findings, COMPARED),
                        reasons(findings, DROPPED),
                        reasons(findings, SHADOW_FAILED),
                        rows,
                        agreed,
                        rows == 0 ? null : (double) agreed / rows,
                        findings.largestDifference()),
                LatencyFigures.of(findings, Side.CANDIDATE));
    }

    private static long count(Findings findings, String figure) {
        return findings.counts().getOrDefault(figure, 0L);
    }

    private static Map<String, Long> reasons(Findings findings, String figure) {
        Map<String, Long> reasons = new TreeMap<>();
        findings.counts().forEach((name, count) -> {
            if (name.startsWith(figure)) {
                reasons.put(name.substring(figure.length()), count);
            }
        });
        return reasons;
    }
}
