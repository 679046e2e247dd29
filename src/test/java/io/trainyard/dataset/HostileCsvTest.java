package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Multipart;
import io.trainyard.Service;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/**
 * Tables that are none: each is refused in words that name file, line and column, and nothing of it stays behind.
 */
class HostileCsvTest {

    private static final Service service = Service.shared();
    private static final String NAME = "csv-hostile";
    private static final String SPEC = "{'format': 'csv', 'label': 'y'}";
    private static final String GOOD = "1,a,p\n2,b,q\n".repeat(30);

    @AfterEach
    void nothingStaysBehind() throws IOException {
        assertThat(service.get("/api/v1/datasets/" + NAME).statusCode()).isEqualTo(404);
        Awaitility.await().until(() -> uploads().isEmpty());
    }

    private static List<Path> uploads() throws IOException {
        Path dir =
                Path.of(Objects.requireNonNull(service.bean(Environment.class).getProperty("trainyard.uploads.dir")));
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "an empty file | ~~ | it is empty",
                "a header alone | x,c,y | it holds no row behind its header",
                "a short row | x,c,y¶GOOD1,a¶ | line 62: it has 2 cells, but the header has 3",
                "a long row | x,c,y¶GOOD1,a,p,p¶ | line 62: it has 4 cells, but the header has 3",
                "a column named twice | x,x,y¶GOOD | line 1: two columns are named 'x'",
                "a control character in a name | x,c\u0001c,y¶GOOD | must have at most 200 characters",
                "a word among numbers | x,c,y¶GOODthree,a,p¶ | line 62, column 'x': 'three' is not a finite number",
                "NaN | x,c,y¶GOODNaN,a,p¶ | line 62, column 'x': 'NaN' is not a finite number",
                "infinity | x,c,y¶GOOD-inf,a,p¶ | line 62, column 'x': '-inf' is not a finite number",
                "a number in hex | x,c,y¶GOOD0x1p3,a,p¶ | line 62, column 'x': '0x1p3' is not a finite number",
                "a number with a type | x,c,y¶GOOD1d,a,p¶ | line 62, column 'x': '1d' is not a finite number",
                "a number beyond floats | x,c,y¶GOOD1e39,a,p¶ | line 62, column 'x': '1e39' is beyond 32-bit numbers",
                "a missing label | x,c,y¶GOOD1,a,¶ | line 62, column 'y': the label is missing",
                "one class | x,c,y¶1,a,p¶2,b,p¶ | column 'y': every row has the label 'p'",
                "U+0000 in a text | x,c,y¶1,a\u0000,p¶2,b,q¶ | line 2, column 'c': it holds the character U+0000",
                "too few rows to hold out any | x,c,y¶1,a,p¶2,b,q¶ | none would be held out",
                "nothing to see | y¶p¶q¶ | no column is left",
                "texts after a quote | x,c,y¶GOOD\"1\"2,a,p¶ | behind line 61: this is not CSV",
                "a quote that is not closed | x,c,y¶GOOD\"1,a,p¶ | line 62: it has 1 cells, but the header has 3",
            })
    void tablesThatAreNone(String what, String csv, String detail) {
        HttpResponse<String> answer =
                CsvUpload.send(NAME, SPEC, csv.replace("GOOD", GOOD).replace('¶', '\n'));
        assertRefused(answer, "/train", "train (train.csv): ", detail);
    }

    @Test
    void hundredThousandCategories() {
        String csv = "x,c,y\n"
                + IntStream.range(0, 200_000)
                        .mapToObj(i -> i + ",c" + i % 100_000 + "," + (i % 2 == 0 ? "p" : "q"))
                        .collect(Collectors.joining("\n"));
        assertRefused(
                CsvUpload.send(NAME, "{'format': 'csv', 'label': 'y', 'columns': {'c': {'type': 'categorical'}}}", csv),
                "/train",
                "column 'c': there are more than 1000 different texts");
        assertRefused(
                CsvUpload.send(NAME, "{'format': 'csv', 'label': 'c'}", csv),
                "/train",
                "column 'c': there are more than 1000 different labels");
    }

    @Test
    void textsOfAllColumnsTogetherAreBounded() {
        String header = IntStream.range(0, 2000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String text = "x".repeat(900);
        String csv = header + ",y\n"
                + IntStream.range(0, 30)
                        .mapToObj(row -> (text + row + ",").repeat(2000) + (row % 2 == 0 ? "p" : "q"))
                        .collect(Collectors.joining("\n"));
        assertRefused(
                CsvUpload.send(NAME, SPEC, csv), "/train", "take too much memory to be told apart; leave columns out");
    }

    @Test
    void textsThatAreNoNamesOfCategoriesOrClasses() {
        String csv = "c,y\n" + ("a".repeat(1001) + ",p\nb,q\n").repeat(10);
        assertRefused(
                CsvUpload.send(NAME, "{'format': 'csv', 'label': 'y', 'columns': {'c': {'type': 'categorical'}}}", csv),
                "/train",
                "line 2, column 'c': it holds a text of more than 1000 characters, too long for a category");
        assertRefused(
                CsvUpload.send(NAME, "{'format': 'csv', 'label': 'c'}", csv),
                "/train",
                "line 2, column 'c': it holds a text of more than 1000 characters, too long for the name of a class");
        assertRefused(CsvUpload.send(NAME, SPEC, csv), "/train", "no column is left", "column 'c' is left out");
    }

    @Test
    void recordThatIsTooLong() {
        String csv = "x,c,y\n" + "1,a,p\n2," + "b".repeat(17 << 20) + ",q\n";
        assertRefused(CsvUpload.send(NAME, SPEC, csv), "/train", "a cell has more than 16777216 characters");
    }

    @Test
    void tooManyColumns() {
        String header = IntStream.range(0, 20_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        assertRefused(CsvUpload.send(NAME, SPEC, header + ",y\n"), "/train", "line 1: there are 20001 columns");
    }

    @Test
    void bytesThatAreNotTheEncoding() {
        byte[] csv = ("c,y\n" + "ä,p\nö,q\n".repeat(20)).getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(
                CsvUpload.send(NAME, SPEC, Map.of("train", csv)),
                "/train",
                "this is not the encoding; say which it is");
    }

    @Test
    void testFileThatDoesNotFit() {
        byte[] train = ("x,c,y\n" + GOOD).getBytes(StandardCharsets.UTF_8);
        assertRefused(
                CsvUpload.send(NAME, SPEC, Map.of("train", train, "test", bytes("c,x,y\na,1,p\n"))),
                "/test",
                "its columns are not those of the part train");
        assertRefused(
                CsvUpload.send(NAME, SPEC, Map.of("train", train, "test", bytes("x,c,y\n1,a,r\n"))),
                "/test",
                "the label 'r' is that of no training row");
        assertRefused(
                CsvUpload.send(NAME, SPEC, Map.of("train", train, "test", bytes("x,c,y\none,a,p\n"))),
                "/test",
                "test (test.csv): line 2, column 'x': 'one' is not a finite number");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "no format | {'label': 'y'} | 422 | /spec/format",
                "another format | {'format': 'xml', 'label': 'y'} | 422 | /spec/format",
                "a typo | {'format': 'csv', 'label': 'y', 'seperator': ';'} | 400 | /spec/seperator",
                "a typo in a column | {'format': 'csv', 'label': 'y', 'columns': {'x': {'typ': 'numeric'}}} | 400 | /spec/columns/x/typ",
                "no label | {'format': 'csv'} | 422 | /spec/label",
                "a label that is no column | {'format': 'csv', 'label': 'z'} | 422 | /spec/label",
                "a feature that is no column | {'format': 'csv', 'label': 'y', 'features': ['z']} | 422 | /spec/features",
                "the label as a feature | {'format': 'csv', 'label': 'y', 'features': ['y']} | 422 | /spec/features",
                "settings of no column | {'format': 'csv', 'label': 'y', 'columns': {'z': {}}} | 422 | /spec/columns",
                "a fraction of 1 | {'format': 'csv', 'label': 'y', 'validation_fraction': 1} | 422 | /spec/validation_fraction",
                "a delimiter of two | {'format': 'csv', 'label': 'y', 'delimiter': '::'} | 422 | /spec/delimiter",
                "an encoding that is none | {'format': 'csv', 'label': 'y', 'encoding': 'x y'} | 422 | /spec/encoding",
                "a mean of texts | {'format': 'csv', 'label': 'y', 'columns': {'c': {'type': 'categorical', 'missing': 'mean'}}} | 422 | /spec/columns/c/missing",
                "numbers and texts at once | {'format': 'csv', 'label': 'y', 'columns': {'c': {'standardize': true, 'encoding': 'one_hot'}}} | 422 | /spec/columns/c",
                "a mean of a column that turns out to be texts | {'format': 'csv', 'label': 'y', 'columns': {'c': {'missing': 'mean'}}} | 422 | /spec/columns/c/missing",
                "a category of a column that turns out to be numbers | {'format': 'csv', 'label': 'y', 'columns': {'x': {'missing': 'category'}}} | 422 | /spec/columns/x/missing",
                "an ignored feature | {'format': 'csv', 'label': 'y', 'features': ['x'], 'columns': {'x': {'type': 'ignored'}}} | 422 | /spec/features",
                "settings of a column that is no feature | {'format': 'csv', 'label': 'y', 'features': ['x'], 'columns': {'c': {'missing': 'drop'}}} | 422 | /spec/columns",
                "a feature without a name | {'format': 'csv', 'label': 'y', 'features': ['']} | 422 | /spec/features",
                "a value that says that it is missing | {'format': 'csv', 'label': 'y', 'columns': {'c': {'values': ['a', 'NA']}}} | 422 | /spec/columns",
                "a value with a blank | {'format': 'csv', 'label': 'y', 'columns': {'c': {'values': ['a', ' b']}}} | 422 | /spec/columns/c/values",
                "null for a missing value | {'format': 'csv', 'label': 'y', 'missing_values': [null]} | 422 | /spec/missing_values",
                "U+0000 | {'format': 'csv', 'label': 'y', 'missing_values': ['\\u0000']} | 422 | /spec/missing_values/0",
                "half of a pair | {'format': 'csv', 'label': 'y', 'description': '\\ud800'} | 422 | /spec/description",
                "no JSON | {'format': | 400 | -",
            })
    void specsThatAreNone(String what, String spec, int status, String pointer) {
        HttpResponse<String> answer = CsvUpload.send(NAME, spec, "x,c,y\n" + GOOD);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (!pointer.equals("-")) {
            assertThat(Service.json(answer).at("/errors/0/pointer").stringValue())
                    .isEqualTo(pointer);
        }
    }

    @Test
    void partsThatAreNotKnownOrMissing() {
        assertPart(CsvUpload.send(NAME, SPEC, Map.of("tarin", bytes("x,y\n"))), "tarin", "unknown part");
        assertPart(CsvUpload.send(NAME, SPEC, Map.of()), "train", "is required");
        assertPart(
                CsvUpload.send(NAME, SPEC, Map.of("train", bytes("x"), "archive", bytes("x"))),
                "archive",
                "unknown part");
        assertThat(CsvUpload.send("..%2fup", SPEC, GOOD).statusCode()).isEqualTo(400);
        assertThat(CsvUpload.send("Upper", SPEC, GOOD).statusCode()).isEqualTo(422);
    }

    @Test
    void specsThatAreTooLongOrThereTwice() {
        String values = IntStream.range(0, 1001).mapToObj(i -> "'v" + i + "'").collect(Collectors.joining(","));
        String many = "{'format': 'csv', 'label': 'y', 'columns': {'c': {'values': [" + values + "]}}}";
        HttpResponse<String> answer = CsvUpload.send(NAME, many, "x,c,y\n" + GOOD);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo("/spec/columns/c/values");

        String description = "{'format': 'csv', 'label': 'y', 'description': '" + "x".repeat(600_000) + "'}";
        assertThat(CsvUpload.send(NAME, description, GOOD).statusCode()).isEqualTo(413);

        HttpResponse<String> twice =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets/" + NAME + "/versions?spec=%7B%7D"))
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                CsvUpload.body(SPEC, Map.of("train", bytes("x,c,y\n" + GOOD))))));
        assertPart(twice, "spec", "must be there once");
    }

    private static void assertPart(HttpResponse<String> answer, String part, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo(part);
        assertThat(Service.json(answer).at("/errors/0/detail").stringValue()).contains(detail);
    }

    @Test
    void lineOfNearlyAGigabyteTakesNoMemory() {
        String boundary = "b";
        InputStream head = stream(
                "--b\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n" + SPEC.replace('\'', '"')
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"train\"; filename=\"long.csv\"\r\n\r\nx,c,y\n1,");
        InputStream tail = stream(",p\n\r\n--b--\r\n");
        InputStream body =
                new SequenceInputStream(Collections.enumeration(List.of(head, new Repeated(900L << 20), tail)));
        HttpResponse<String> answer =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets/" + NAME + "/versions"))
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)));
        assertRefused(answer, "/train", "a cell has more than 16777216 characters");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(bytes(text));
    }

    /** The letter a, again and again. */
    private static final class Repeated extends InputStream {

        private long left;

        Repeated(long count) {
            this.left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'a' : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            Arrays.fill(buffer, offset, offset + count, (byte) 'a');
            left -= count;
            return count;
        }
    }

    @Test
    void uploadThatBreaksOffLeavesNothing() throws IOException {
        byte[] body = CsvUpload.body(SPEC, Map.of("train", new byte[1 << 20]));
        try (Socket socket = new Socket("localhost", service.uri("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes("POST /api/v1/datasets/" + NAME
                    + "/versions HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length
                    + "\r\nContent-Type: " + Multipart.TYPE + "\r\n\r\n"));
            out.write(body, 0, body.length / 2);
            out.flush();
            Awaitility.await().until(() -> uploads().size() > 1);
        }
    }

    private static void assertRefused(HttpResponse<String> answer, String pointer, String... details) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        JsonNode problem = Service.json(answer);
        assertThat(problem.get("type").stringValue()).isEqualTo("/problems/invalid-dataset");
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(problem.get("detail").stringValue()).contains(details);
        assertThat(answer.body()).doesNotContain("Exception", System.getProperty("java.io.tmpdir"));
    }
}
