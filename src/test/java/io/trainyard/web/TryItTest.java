package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import io.trainyard.Service;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A person asks a version, by drawing, by a file, by a form, and sees what it says. */
class TryItTest {

    private static final Service SERVICE = Service.shared();

    private static final String DIGITS = """
            {"model": "try-digits", "dataset": "digits",
             "network": {"layers": [{"type": "flatten"}, {"type": "dense", "units": 64, "activation": "relu"},
                                    {"type": "dense", "units": 10, "activation": "softmax"}]},
             "training": {"epochs": %d, "batch_size": 32, "seed": 7, "optimizer": {"type": "adam", "learning_rate": 0.005}}}
            """;

    /** How people write some digits, in a square of side 1. */
    private static final List<double[][]> ZERO = List.<double[][]>of(arc(0.5, 0.5, 0.27, 0.4, -90, 270));

    private static final List<double[][]> ONE =
            List.<double[][]>of(new double[][] {{0.38, 0.28}, {0.52, 0.1}, {0.5, 0.9}});
    private static final List<double[][]> FOUR = List.<double[][]>of(
            new double[][] {{0.6, 0.1}, {0.2, 0.62}, {0.8, 0.62}}, new double[][] {{0.6, 0.1}, {0.6, 0.92}});
    private static final List<double[][]> SEVEN =
            List.<double[][]>of(new double[][] {{0.22, 0.14}, {0.76, 0.12}, {0.45, 0.9}});

    @BeforeAll
    static void train() {
        String worse = SERVICE.submit(DIGITS.formatted(1));
        SERVICE.await(worse, "SUCCEEDED");
        String better = SERVICE.submit(DIGITS.formatted(20));
        SERVICE.await(better, "SUCCEEDED");
        SERVICE.await(SERVICE.submit(Service.irisJob("try-iris", 30)), "SUCCEEDED");
    }

    @Test
    void whatIsDrawnIsRecognisedWhileItIsDrawn() {
        try (Visit visit = Browser.visit("/try?model=try-digits")) {
            draw(visit, ZERO, 1, false);
            visit.await("() => Number(document.querySelector('.answer').dataset.answered) > 1");
            assertThat(visit.find(".best").textContent()).doesNotContain("Nothing");
            visit.page().mouse().up();
            visit.see("#heard", "says 0, ");
            assertThat(visit.find(".bars tr").count()).isEqualTo(10);
            assertThat(visit.find(".bars .likeliest th").textContent()).isEqualTo("0");
            assertThat(visit.find("[data-timing]").textContent()).contains(" ms, of which the network took ");
            visit.button("Clear").click();
            visit.see(".best", "Nothing asked yet.");
        }
    }

    @Test
    void itDoesNotMatterHowLargeOrWhereADigitIsDrawn() {
        try (Visit visit = Browser.visit("/try?model=try-digits")) {
            for (double size : new double[] {1, 0.5, 0.3}) {
                recognised(visit, ZERO, size, "0");
                recognised(visit, ONE, size, "1");
                recognised(visit, FOUR, size, "4");
                recognised(visit, SEVEN, size, "7");
            }
        }
    }

    private static void recognised(Visit visit, List<double[][]> strokes, double size, String digit) {
        visit.button("Clear").click();
        draw(visit, strokes, size, true);
        visit.see("#heard", "says " + digit + ", ");
    }

    @Test
    void whatIsShownIsWhatIsSent() {
        try (Visit visit = Browser.visit("/try?model=try-digits")) {
            draw(visit, FOUR, 0.6, true);
            visit.see("#heard", "says 4, ");
            String curl = visit.find("#curl").textContent();
            JsonNode body =
                    Service.JSON.readTree(curl.substring(curl.indexOf("-d '") + "-d '".length(), curl.length() - 1));
            JsonNode sent = body.at("/instances/0");
            assertThat(sent.size()).isEqualTo(64);
            List<?> shown = (List<?>) visit.page()
                    .evaluate(
                            "() => [...document.getElementById('seen').getContext('2d').getImageData(0, 0, 8, 8).data]"
                                    + ".filter((_, i) => i % 4 === 0)");
            for (int i = 0; i < 64; i++) {
                int expected = (int) Math.rint(sent.get(i).intValue() * 255 / 16.0);
                assertThat(((Number) shown.get(i)).intValue()).as("pixel %d", i).isBetween(expected - 1, expected + 1);
            }
            JsonNode answer = Service.json(SERVICE.post("/predict", body.toString()));
            assertThat(answer.at("/predictions/0/label").stringValue()).isEqualTo("4");
        }
    }

    @Test
    void twoVersionsAnswerBesideEachOther() {
        try (Visit visit = Browser.visit("/try?model=try-digits&version=latest&beside=1")) {
            visit.button("A held-out row").click();
            visit.see("#truth", "Held-out row ");
            visit.see(".answer[data-version='latest'] .best", "%");
            visit.see(".answer[data-version='1'] .best", "%");
            assertThat(visit.find("#curl").textContent()).contains("\"version\":\"latest\"", "\"version\":1,");
            assertThat(visit.accessibilityFaults()).isEmpty();
        }
    }

    @Test
    void aPictureIsSentAsItIs() throws IOException {
        BufferedImage picture = new BufferedImage(80, 80, BufferedImage.TYPE_INT_RGB);
        Graphics2D ink = picture.createGraphics();
        ink.setColor(Color.WHITE);
        ink.fillRect(28, 0, 24, 80);
        ink.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        try (Visit visit = Browser.visit("/try?model=try-digits")) {
            visit.find("#file").setInputFiles(new FilePayload("one.png", "image/png", png.toByteArray()));
            visit.see("#truth", "one.png, sent as it is");
            visit.see(".best", "1, ");
            assertThat(visit.find("#curl").textContent()).contains("--data-binary '@one.png'");

            visit.expect("status of 422");
            visit.find("#file")
                    .setInputFiles(
                            new FilePayload("broken.png", "image/png", "no picture".getBytes(StandardCharsets.UTF_8)));
            visit.see(".answer .problem", "neither PNG nor JPEG");
        }
    }

    @Test
    void aRowOfATableIsAForm() {
        try (Visit visit = Browser.visit("/try?model=try-iris")) {
            visit.button("Predict").click();
            assertThat(visit.find(".best").textContent()).contains("Nothing asked yet.");
            visit.button("A held-out row").click();
            visit.see(".best", "%");
            String[] truth = visit.find("#truth").textContent().split(": ", 2);
            assertThat(truth[1]).isIn("setosa", "versicolor", "virginica");

            fill(visit, 5.1, 3.5, 1.4, 0.2);
            visit.see("#heard", "says setosa");
            fill(visit, 6.3, 3.3, 6.0, 2.5);
            visit.see("#heard", "says virginica");

            visit.expect("status of 422");
            visit.find("[data-column='sepal_length']").fill("1e39");
            visit.see(".answer .problem", "finite number");
            assertThat(visit.accessibilityFaults()).isEmpty();
        }
    }

    private static void fill(Visit visit, double... values) {
        List<String> columns = List.of("sepal_length", "sepal_width", "petal_length", "petal_width");
        for (int i = 0; i < values.length; i++) {
            visit.find("[data-column='" + columns.get(i) + "']").fill(String.valueOf(values[i]));
        }
    }

    @Test
    void versionsThatTakeOtherRowsAreNotAskedTogether() {
        SERVICE.await(SERVICE.submit(Service.irisJob("try-mixed", 1)), "SUCCEEDED");
        SERVICE.await(SERVICE.submit(DIGITS.formatted(1).replace("try-digits", "try-mixed")), "SUCCEEDED");
        try (Visit visit = Browser.visit("/try?model=try-mixed&version=1&beside=2")) {
            visit.see(".problem", "No row can be asked of both");
            assertThat(visit.find(".answer").count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/try?model=nobody-made-this",
                "/try?model=try-iris&version=99",
                "/try?model=try-iris&version=0",
                "/try?model=try-iris&version=99999999999999999999",
                "/try?model=try-iris&version=nowhere",
                "/try?model=try-iris&beside=%3Cimg%3E",
                "/try?model=%00",
                "/try?model=try-iris&version=%00"
            })
    void whatIsNotThereIsToldInWords(String path) {
        var answer = SERVICE.get(path);
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body()).contains("<section class=\"problem\">");
    }

    @Test
    void aTelephoneShowsAllOfIt() {
        try (Visit visit = Browser.visit(
                "/try?model=try-digits&beside=1",
                new com.microsoft.playwright.Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setHasTouch(true)
                        .setColorScheme(com.microsoft.playwright.options.ColorScheme.DARK))) {
            draw(visit, ONE, 1, true);
            visit.see("#heard", "says 1, ");
            assertThat(visit.page().evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            assertThat(visit.accessibilityFaults()).isEmpty();
        }
    }

    /** Draws strokes with the mouse; the last one is left unended where it is not to rest. */
    private static void draw(Visit visit, List<double[][]> strokes, double size, boolean rest) {
        visit.find("#pad").scrollIntoViewIfNeeded();
        BoundingBox pad = visit.find("#pad").boundingBox();
        Mouse mouse = visit.page().mouse();
        for (double[][] stroke : strokes) {
            boolean first = true;
            for (double[] point : stroke) {
                double x = pad.x + pad.width * (0.03 + size * point[0] * 0.94);
                double y = pad.y + pad.height * (0.03 + size * point[1] * 0.94);
                mouse.move(x, y, new Mouse.MoveOptions().setSteps(first ? 1 : 4));
                if (first) {
                    mouse.down();
                    first = false;
                }
            }
            if (rest || stroke != strokes.get(strokes.size() - 1)) {
                mouse.up();
            }
        }
    }

    private static double[][] arc(double x, double y, double width, double height, int from, int to) {
        return IntStream.rangeClosed(0, 24)
                .mapToDouble(i -> Math.toRadians(from + (to - from) * i / 24.0))
                .mapToObj(angle -> new double[] {x + width * Math.cos(angle), y + height * Math.sin(angle)})
                .toArray(double[][]::new);
    }
}
