package io.trainyard.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void curveThatOnlyFallsOrOnlyClimbsHasNoNoise() {
        assertThat(series(IntStream.range(0, 20).mapToDouble(i -> Math.exp(-0.3 * i)))
                        .noise())
                .isCloseTo(0, Offset.offset(1e-12));
        assertThat(series(IntStream.range(0, 20).mapToDouble(i -> 1 + 0.1 * i)).noise())
                .isCloseTo(0, Offset.offset(1e-12));
    }

    /** Of the way of normal noise without a trend, all but a little leads back again. */
    @Test
    void noiseIsAStandardDeviationInSharesOfTheHeight() {
        Random random = new Random(1);
        Series noisy = series(IntStream.range(0, 4000).mapToDouble(i -> 500 * Math.exp(0.05 * random.nextGaussian())));
        assertThat(noisy.noise()).isCloseTo(0.05, Offset.offset(0.003));
    }

    @Test
    void oneEpochDoesNotDecideWhereACurveHasArrived() {
        Series spiked = series(IntStream.range(0, 10).mapToDouble(i -> i == 9 ? 100 : 1));
        assertThat(spiked.arrived()).isEqualTo(1);
        assertThat(spiked.climbFrom(spiked.lowest())).isZero();
        assertThat(spiked.lowest()).isZero();
    }

    @Test
    void recentFallComparesTheLastTwoSixths() {
        Series falling = new Series("val_loss", new double[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 0.5, 0.5});
        assertThat(falling.recent()).isEqualTo(2);
        assertThat(falling.recentFall()).isEqualTo(0.5);
    }

    @Test
    void perfectLossIsNoDivisionByZero() {
        Series perfect = new Series("val_loss", new double[10]);
        assertThat(perfect.noise()).isZero();
        assertThat(perfect.climbFrom(0)).isFinite();
        assertThat(perfect.recentFall()).isFinite();
    }

    private static Series series(DoubleStream values) {
        return new Series("val_loss", values.toArray());
    }
}
