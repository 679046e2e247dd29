package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.Augmentation;
import io.trainyard.network.Augmentation.FillMode;
import io.trainyard.network.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures are turned, shifted, zoomed and flipped within the ranges that are set, the same for the same seed. */
class AugmenterTest {

    private static final int SEEDS = 200;

    private static final Augmentation ALL = settings(40, 0.2, 0.2, 0.3, true, true, FillMode.NEAREST);

    @ParameterizedTest
    @EnumSource
    void withoutSettingsAPictureStaysAsItIs(FillMode fillMode) {
        for (Shape shape : List.of(Shape.of(5, 7, 3), Shape.of(6, 4, 1), Shape.of(1, 1, 2))) {
            float[] picture = noise(shape, 1);
            for (int seed = 0; seed < 20; seed++) {
                assertThat(changed(settings(0, 0, 0, 0, false, false, fillMode), shape, picture, seed))
                        .containsExactly(picture);
            }
        }
    }

    @Test
    void horizontalFlipGivesThePictureOrItsMirrorImage() {
        Shape shape = Shape.of(4, 5, 2);
        float[] picture = noise(shape, 2);
        float[] mirrored = rearranged(shape, picture, false, true);
        assertThat(outcomes(settings(0, 0, 0, 0, true, false, FillMode.NEAREST), shape, picture))
                .containsExactlyInAnyOrder(list(picture), list(mirrored));
    }

    @Test
    void verticalFlipGivesThePictureOrItUpsideDown() {
        Shape shape = Shape.of(4, 5, 2);
        float[] picture = noise(shape, 2);
        float[] upsideDown = rearranged(shape, picture, true, false);
        assertThat(outcomes(settings(0, 0, 0, 0, false, true, FillMode.CONSTANT), shape, picture))
                .containsExactlyInAnyOrder(list(picture), list(upsideDown));
    }

    @Test
    void bothFlipsAreMadeOrNotEachOnItsOwn() {
        Shape shape = Shape.of(3, 4, 1);
        float[] picture = noise(shape, 2);
        assertThat(outcomes(settings(0, 0, 0, 0, true, true, FillMode.NEAREST), shape, picture))
                .containsExactlyInAnyOrder(
                        list(picture),
                        list(rearranged(shape, picture, true, false)),
                        list(rearranged(shape, picture, false, true)),
                        list(rearranged(shape, picture, true, true)));
    }

    @Test
    void flipsAreAboutAsOftenMadeAsNot() {
        Shape shape = Shape.of(1, 2, 1);
        int flips = 0;
        for (int seed = 0; seed < 1000; seed++) {
            float[] values =
                    changed(settings(0, 0, 0, 0, true, false, FillMode.NEAREST), shape, new float[] {0, 1}, seed);
            flips += values[0] == 1 ? 1 : 0;
        }
        // Four standard deviations of 1000 throws of a coin.
        assertThat(flips).isBetween(437, 563);
    }

    @Test
    void widthShiftMovesAPixelSidewaysByAtMostItsRange() {
        assertShifts(settings(0, 0.2, 0, 0, false, false, FillMode.CONSTANT), 0, 0.2 * 31);
    }

    @Test
    void heightShiftMovesAPixelUpOrDownByAtMostItsRange() {
        assertShifts(settings(0, 0, 0.3, 0, false, false, FillMode.CONSTANT), 0.3 * 21, 0);
    }

    @Test
    void bothShiftsMoveAPixelEachByAtMostItsRange() {
        assertShifts(settings(0, 0.1, 0.2, 0, false, false, FillMode.CONSTANT), 0.2 * 21, 0.1 * 31);
    }

    /** Of 21 rows and 31 columns; where the pixel goes by its centre of mass, and nothing of it is lost. */
    private static void assertShifts(Augmentation settings, double down, double right) {
        Shape shape = Shape.of(21, 31, 1);
        float[] picture = new float[shape.size()];
        picture[10 * 31 + 15] = 1;
        double[] least = {9, 9};
        double[] most = {-9, -9};
        for (int seed = 0; seed < SEEDS; seed++) {
            double[] centre = centre(shape, changed(settings, shape, picture, seed));
            double[] moved = {centre[0] - 10, centre[1] - 15};
            assertThat(centre[2]).as("mass").isCloseTo(1, Offset.offset(1e-5));
            for (int axis = 0; axis < 2; axis++) {
                least[axis] = Math.min(least[axis], moved[axis]);
                most[axis] = Math.max(most[axis], moved[axis]);
            }
        }
        double[] range = {down, right};
        for (int axis = 0; axis < 2; axis++) {
            assertThat(most[axis]).isBetween(0.9 * range[axis] - 1e-4, range[axis] + 1e-4);
            assertThat(least[axis]).isBetween(-range[axis] - 1e-4, -0.9 * range[axis] + 1e-4);
        }
    }

    @Test
    void rotationKeepsACentredRoundPicture() {
        for (Shape shape : List.of(Shape.of(31, 31, 1), Shape.of(30, 34, 1))) {
            float[] picture = new float[shape.size()];
            for (int y = 0; y < shape.dimension(0); y++) {
                for (int x = 0; x < shape.dimension(1); x++) {
                    double dy = y - (shape.dimension(0) - 1) / 2.0;
                    double dx = x - (shape.dimension(1) - 1) / 2.0;
                    picture[y * shape.dimension(1) + x] = (float) Math.exp(-(dy * dy + dx * dx) / 32);
                }
            }
            for (int seed = 0; seed < 50; seed++) {
                float[] values = changed(settings(180, 0, 0, 0, false, false, FillMode.CONSTANT), shape, picture, seed);
                // Twice an eighth of the second derivative: what linear interpolation may err by.
                assertThat(values).containsExactly(picture, Offset.offset(0.016f));
            }
        }
    }

    @Test
    void rotationCarriesAPixelAroundTheCentreByAtMostItsRange() {
        assertAngles(30);
        assertAngles(90);
        assertAngles(180);
    }

    private static void assertAngles(double range) {
        Shape shape = Shape.of(41, 41, 1);
        float[] picture = new float[shape.size()];
        // A spot to the right of the centre; one pixel alone would hardly be hit.
        for (int y = 19; y <= 21; y++) {
            for (int x = 34; x <= 36; x++) {
                picture[y * 41 + x] = 1;
            }
        }
        double least = 999;
        double most = -999;
        for (int seed = 0; seed < SEEDS; seed++) {
            double[] centre = centre(
                    shape, changed(settings(range, 0, 0, 0, false, false, FillMode.CONSTANT), shape, picture, seed));
            assertThat(Math.hypot(centre[0] - 20, centre[1] - 20)).isCloseTo(15, Offset.offset(0.3));
            double angle = Math.toDegrees(Math.atan2(centre[0] - 20, centre[1] - 20));
            least = Math.min(least, angle);
            most = Math.max(most, angle);
        }
        assertThat(most).isBetween(0.9 * range, range + 1);
        assertThat(least).isBetween(-range - 1, -0.9 * range);
    }

    @Test
    void zoomKeepsTheCentre() {
        Shape shape = Shape.of(9, 11, 2);
        float[] picture = noise(shape, 3);
        int centre = (4 * 11 + 5) * 2;
        Set<List<Float>> found = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            float[] values = changed(settings(0, 0, 0, 0.5, false, false, FillMode.NEAREST), shape, picture, seed);
            assertThat(Arrays.copyOfRange(values, centre, centre + 2))
                    .containsExactly(Arrays.copyOfRange(picture, centre, centre + 2));
            found.add(list(values));
        }
        assertThat(found).hasSize(50);
    }

    @Test
    void zoomScalesByItsRangeInEachDirectionOnItsOwn() {
        // A slope has at the right edge what the factor makes of its distance from the centre.
        Shape shape = Shape.of(41, 41, 2);
        float[] picture = new float[shape.size()];
        for (int y = 0; y < 41; y++) {
            for (int x = 0; x < 41; x++) {
                picture[(y * 41 + x) * 2] = y - 20;
                picture[(y * 41 + x) * 2 + 1] = x - 20;
            }
        }
        double least = 9;
        double most = 0;
        int unlike = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            float[] values = changed(settings(0, 0, 0, 0.25, false, false, FillMode.NEAREST), shape, picture, seed);
            double down = values[(30 * 41 + 30) * 2] / 10;
            double right = values[(30 * 41 + 30) * 2 + 1] / 10;
            least = Math.min(least, Math.min(down, right));
            most = Math.max(most, Math.max(down, right));
            unlike += Math.abs(down - right) > 0.01 ? 1 : 0;
        }
        assertThat(least).isBetween(0.75 - 1e-6, 0.77);
        assertThat(most).isBetween(1.23, 1.25 + 1e-6);
        assertThat(unlike).isGreaterThan(SEEDS / 2);
    }

    @Test
    void outsideStandsTheNearestPixelOrNothing() {
        // Shifted by at most half its width.
        Shape shape = Shape.of(1, 4, 1);
        float[] picture = {1, 1.5f, 1.5f, 2};
        int outside = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            float[] near = changed(settings(0, 0.5, 0, 0, false, false, FillMode.NEAREST), shape, picture, seed);
            float[] zero = changed(settings(0, 0.5, 0, 0, false, false, FillMode.CONSTANT), shape, picture, seed);
            for (int x = 0; x < 4; x++) {
                if (zero[x] == 0) {
                    assertThat(near[x]).isEqualTo(x < 2 ? 1 : 2);
                    outside++;
                } else {
                    assertThat(zero[x]).isPositive().isLessThanOrEqualTo(near[x]);
                }
            }
        }
        assertThat(outside).isBetween(SEEDS / 4, SEEDS);
    }

    @Test
    void aUniformPictureStaysOneWithTheNearestPixelOutside() {
        Shape shape = Shape.of(8, 9, 1);
        float[] picture = new float[shape.size()];
        Arrays.fill(picture, 0.625f);
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(changed(ALL, shape, picture, seed)).containsOnly(0.625f);
        }
    }

    @Test
    void sameSeedGivesTheSamePictureAndAnotherSeedAnother() {
        Shape shape = Shape.of(10, 8, 3);
        float[] picture = noise(shape, 4);
        Set<List<Float>> found = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            float[] values = changed(ALL, shape, picture, seed);
            assertThat(changed(ALL, shape, picture, seed)).containsExactly(values);
            found.add(list(values));
        }
        assertThat(found).hasSize(SEEDS);
    }

    @Test
    void anAugmenterKeepsNothingOfThePictureBefore() {
        Shape shape = Shape.of(6, 6, 1);
        float[] first = noise(shape, 5);
        float[] second = noise(shape, 6);
        Augmenter used = new Augmenter(ALL, shape);
        used.change(first.clone(), 0, new SplittableRandom(1));
        float[] values = second.clone();
        used.change(values, 0, new SplittableRandom(2));
        assertThat(values).containsExactly(changed(ALL, shape, second, 2));
    }

    @Test
    void channelsOfAPixelStayTogether() {
        Shape shape = Shape.of(9, 9, 3);
        float[] picture = noise(shape, 7);
        for (int i = 0; i < picture.length; i += 3) {
            picture[i + 1] = 2 * picture[i];
            picture[i + 2] = -4 * picture[i];
        }
        for (int seed = 0; seed < SEEDS; seed++) {
            float[] values = changed(ALL, shape, picture, seed);
            for (int i = 0; i < values.length; i += 3) {
                assertThat(values[i + 1]).isEqualTo(2 * values[i]);
                assertThat(values[i + 2]).isEqualTo(-4 * values[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesStayWithinTheOriginalRange(FillMode fillMode) {
        Shape shape = Shape.of(7, 9, 2);
        float[] picture = noise(shape, 8);
        float least = fillMode == FillMode.CONSTANT ? 0 : least(picture);
        float most = -least(negated(picture));
        for (int seed = 0; seed < SEEDS; seed++) {
            for (float value : changed(settings(180, 0.9, 0.9, 0.9, true, true, fillMode), shape, picture, seed)) {
                assertThat(value).isBetween(least, most);
            }
        }
    }

    @Test
    void onlyThePictureAtTheOffsetIsChanged() {
        Shape shape = Shape.of(5, 5, 1);
        float[] values = noise(Shape.of(3, 25), 9);
        float[] before = values.clone();
        new Augmenter(ALL, shape).change(values, 25, new SplittableRandom(3));
        assertThat(Arrays.copyOfRange(values, 0, 25)).containsExactly(Arrays.copyOfRange(before, 0, 25));
        assertThat(Arrays.copyOfRange(values, 50, 75)).containsExactly(Arrays.copyOfRange(before, 50, 75));
        assertThat(Arrays.copyOfRange(values, 25, 50))
                .containsExactly(changed(ALL, shape, Arrays.copyOfRange(before, 25, 50), 3))
                .isNotEqualTo(Arrays.copyOfRange(before, 25, 50));
    }

    private static Augmentation settings(
            double rotation,
            double widthShift,
            double heightShift,
            double zoom,
            boolean horizontalFlip,
            boolean verticalFlip,
            FillMode fillMode) {
        return new Augmentation(rotation, widthShift, heightShift, zoom, horizontalFlip, verticalFlip, fillMode);
    }

    private static float[] changed(Augmentation settings, Shape shape, float[] picture, int seed) {
        float[] values = picture.clone();
        new Augmenter(settings, shape).change(values, 0, new SplittableRandom(seed));
        return values;
    }

    private static Set<List<Float>> outcomes(Augmentation settings, Shape shape, float[] picture) {
        Set<List<Float>> outcomes = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            outcomes.add(list(changed(settings, shape, picture, seed)));
        }
        return outcomes;
    }

    /** In [1, 2). */
    private static float[] noise(Shape shape, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] picture = new float[shape.size()];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = 1 + random.nextInt(1 << 20) / (float) (1 << 20);
        }
        return picture;
    }

    private static float[] rearranged(Shape shape, float[] picture, boolean upsideDown, boolean mirror) {
        int height = shape.dimension(0);
        int width = shape.dimension(1);
        int channels = shape.dimension(2);
        float[] values = new float[picture.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (upsideDown ? height - 1 - y : y) * width + (mirror ? width - 1 - x : x);
                System.arraycopy(picture, from * channels, values, (y * width + x) * channels, channels);
            }
        }
        return values;
    }

    /** Row and column of the centre of mass, and the mass. */
    private static double[] centre(Shape shape, float[] picture) {
        int width = shape.dimension(1);
        double mass = 0;
        double row = 0;
        double column = 0;
        for (int i = 0; i < picture.length; i++) {
            int y = i / width;
            mass += picture[i];
            row += picture[i] * y;
            column += picture[i] * (i - y * width);
        }
        return new double[] {row / mass, column / mass, mass};
    }

    private static float least(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static float[] negated(float[] values) {
        float[] negated = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            negated[i] = -values[i];
        }
        return negated;
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
