package io.trainyard.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import io.trainyard.Service;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People see what is in a dataset, add one from the page, and are told in words what is wrong with a file. */
class DatasetsPagesTest {

    private static final Service SERVICE = Service.shared();

    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @Test
    void theListNamesEveryDatasetAndWhatItTells() {
        SERVICE.get("/api/v1/datasets/digits/versions/1");
        try (Visit visit = Browser.visit("/datasets")) {
            String digits = visit.see("tr", "digits").textContent();
            assertThat(digits).contains("1,797", "10 classes", "8 × 8 × 1");
            assertThat(visit.see("tr", "fashion-mnist").textContent()).contains("made on first use");
            assertThat(visit.accessibilityFaults()).isEmpty();
            visit.find("a:text-is('fashion-mnist')").click();
            visit.see("h2", "Nobody has used it yet");
        }
    }

    @Test
    void aTableIsUploadedAndLookedAt() {
        try (Visit visit = Browser.visit("/datasets/new")) {
            assertThat(visit.accessibilityFaults()).isEmpty();
            visit.find("#name").fill("page-table");
            choose(visit, "train", "people.csv", people(200));
            visit.see("#curl", "people.csv");
            assertThat(visit.find("#label option").allTextContents())
                    .containsExactly("choose one", "height, m", HOSTILE, "city", "left \"handed\"");
            assertThat(visit.find("#label").inputValue()).isEqualTo("left \"handed\"");
            visit.find("#label").selectOption("city");
            assertThat(visit.find("#curl").textContent()).contains("\"label\":\"city\"");
            visit.button("Upload").click();
            visit.page().waitForURL("**/datasets/page-table/versions/1");

            visit.see("dt:text-is('Classes') + dd", "3");
            assertThat(visit.find("[data-chart='height, m'] svg rect").count()).isEqualTo(20);
            assertThat(visit.find("[data-chart='height, m']").textContent()).contains("mean 1.", "missing");
            visit.see("h3 span", HOSTILE);
            visit.see("[data-chart='" + HOSTILE + "'] text", "<b>red</b>");
            assertThat(visit.find("main img").count()).isZero();
            visit.see("#rows td", "Roma");
            visit.see("td", "people.csv");
            assertThat(visit.find("#curl").textContent()).contains("/predict", "\"MODEL\"");
            assertThat(visit.accessibilityFaults()).isEmpty();

            String heldOut = visit.find("dt:text-is('Rows held out') + dd").textContent();
            visit.find("#split").selectOption("test");
            visit.see("#rows .pager", "1 – 20 of " + heldOut);
            visit.find("#on").click();
            visit.see("#rows .pager", "21 – " + heldOut + " of " + heldOut);
            visit.find("#label").selectOption("Roma");
            visit.await("() => { const cells = [...document.querySelectorAll('#rows tbody td:nth-child(2)')];"
                    + " return cells.length > 0 && cells.every(cell => cell.textContent === 'Roma'); }");
        }
    }

    private static String people(int rows) {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("\uFEFF\"height, m\"," + HOSTILE + ",city,\"left \"\"handed\"\"\"\r\n");
        for (int i = 0; i < rows; i++) {
            csv.append(i % 50 == 0 ? "" : String.format(Locale.ROOT, "%.2f", 1.5 + random.nextDouble() / 2))
                    .append(i % 2 == 0 ? ",<b>red</b>," : ",blue,")
                    .append(List.of("Roma", "Paris", "Oslo").get(i % 3))
                    .append(i % 5 == 0 ? ",yes\r\n" : ",no\r\n");
        }
        return csv.toString();
    }

    @Test
    void aBadTableIsRefusedByLineAndColumnAndTheFormIsStillThere() {
        try (Visit visit = Browser.visit("/datasets/new?name=page-bad").expect("status of 422")) {
            choose(visit, "train", "bad.csv", "a,b\n" + "1,x\n2,y\n".repeat(30) + "abc,x\n");
            visit.see("#curl", "\"label\":\"b\"");
            visit.button("Upload").click();
            visit.see("#refusal", "line 62, column 'a': 'abc' is not a finite number");
            assertThat(visit.find("#sending").isVisible()).isFalse();
            choose(visit, "train", "good.csv", "a,b\n" + "1,x\n2,y\n".repeat(30));
            visit.button("Upload").click();
            visit.page().waitForURL("**/datasets/page-bad/versions/1");
        }
    }

    @Test
    void picturesAreUploadedAsAZipAndSeenAsThumbnails() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("cat", "dog")) {
                for (int i = 0; i < 30; i++) {
                    BufferedImage picture = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
                    picture.setRGB(i % 12, i / 12, name.equals("cat") ? 0xff0000 : 0x0000ff);
                    zip.putNextEntry(new ZipEntry(name + "/" + i + ".png"));
                    ImageIO.write(picture, "png", zip);
                }
            }
        }
        try (Visit visit = Browser.visit("/datasets/new")) {
            visit.find("#name").fill("page-pets");
            visit.find("#format").selectOption("image_folder");
            visit.find("fieldset:visible [data-spec='height']").fill("10");
            visit.find("fieldset:visible [data-spec='width']").fill("12");
            visit.find("[data-file='archive']")
                    .setInputFiles(new FilePayload("pets.zip", "application/zip", bytes.toByteArray()));
            visit.button("Upload").click();
            visit.page().waitForURL("**/datasets/page-pets/versions/1");
            visit.see("dt:text-is('Shape of a row') + dd", "10 × 12 × 3");
            assertThat(visit.find(".thumbnails img").count()).isEqualTo(48);
            visit.await(
                    "() => [...document.querySelectorAll('.thumbnails img')].every(img => img.naturalWidth === 12)");
            visit.find("#label").selectOption("dog");
            visit.see("#rows .pager", "1 – 24 of 24");
            assertThat(visit.find(".thumbnails figcaption").allTextContents()).containsOnly("dog");
        }
    }

    @Test
    void aVersionIsDeletedFromItsPageUnlessItIsInUse() {
        SERVICE.await(SERVICE.submit(Service.irisJob("page-in-use", 1)), "SUCCEEDED");
        try (Visit visit = Browser.visit("/datasets/new?name=page-gone").expect("409")) {
            visit.page().onDialog(dialog -> dialog.accept());
            choose(visit, "train", "t.csv", "a,b\n" + "1,x\n2,y\n".repeat(30));
            visit.see("#curl", "\"label\":\"b\"");
            visit.button("Upload").click();
            visit.page().waitForURL("**/datasets/page-gone/versions/1");
            visit.button("Delete").click();
            visit.page().waitForURL("**/datasets");
            assertThat(SERVICE.get("/api/v1/datasets/page-gone").statusCode()).isEqualTo(404);

            visit.go("/datasets/iris/versions/1");
            visit.button("Delete").click();
            visit.see("#announcements .problem", "A job or a model version refers to iris version 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/datasets/nobody-made-this",
                "/datasets/nobody-made-this/versions/1",
                "/datasets/iris/versions/99",
                "/datasets/iris/versions/0",
                "/datasets/iris/versions/-1",
                "/datasets/iris/versions/99999999999999999999",
                "/datasets/iris/versions/first",
                "/datasets/iris/versions/1?offset=-1",
                "/datasets/iris/versions/1?offset=99999999999",
                "/datasets/iris/versions/1?split=none",
                "/datasets/iris/versions/1?label=%3Cimg%3E",
                "/datasets/%3Cimg%3E"
            })
    void whatIsNotThereIsToldInWords(String path) {
        var answer = SERVICE.get(path);
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body()).contains("<section class=\"problem\">").doesNotContain("<img>");
    }

    @Test
    void whatNoAddressMayHoldIsRefusedBeforeThePages() {
        assertThat(SERVICE.get("/datasets/%00").statusCode()).isEqualTo(400);
        assertThat(SERVICE.get("/datasets/iris/versions/%00").statusCode()).isEqualTo(400);
    }

    @Test
    void rowsBeyondTheLastAreNone() {
        try (Visit visit = Browser.visit("/datasets/iris/versions/1?offset=2147483647")) {
            visit.see("#rows p", "No such rows.");
        }
    }

    private static void choose(Visit visit, String part, String name, String text) {
        visit.find("[data-file='" + part + "']").setInputFiles(new FilePayload(name, "text/csv", text.getBytes(UTF_8)));
    }
}
