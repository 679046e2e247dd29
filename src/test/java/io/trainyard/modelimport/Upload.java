package io.trainyard.modelimport;

import io.trainyard.Service;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Files as somebody would send them. */
final class Upload {

    static final String BOUNDARY = "----trainyard-test";

    private Upload() {}

    /** Posts a file, and a spec where there is one; returns the answer. */
    static HttpResponse<String> send(
            Service service, String model, byte[] file, @Nullable String spec, String... headers) {
        byte[] body = body(file, spec);
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri("/api/v1/models/" + model + "/versions"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.send(request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    static byte[] body(byte[] file, @Nullable String spec) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (spec != null) {
            body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n"
                    + "Content-Type: application/json\r\n\r\n" + spec.replace('\'', '"') + "\r\n"));
        }
        body.writeBytes(text("--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../some/model.bin\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"));
        body.writeBytes(file);
        body.writeBytes(text("\r\n--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The entries of a zip. */
    static Map<String, byte[]> unzip(byte[] zip) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /** A zip of entries. */
    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The same zip with one entry more, or another one of that name. */
    static byte[] with(byte[] zip, String entry, byte[] content) {
        Map<String, byte[]> entries = unzip(zip);
        entries.put(entry, content);
        return zip(entries);
    }
}
