package io.trainyard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of several parts, as a browser or curl sends them. */
public final class Multipart {

    public static final String BOUNDARY = "----trainyard-test";
    public static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private Multipart() {}

    /**
     * Files by the names of their parts, each called by its part and {@code suffix}, and a part of JSON, which may use ' for ".
     */
    public static byte[] body(@Nullable String spec, Map<String, byte[]> files, String suffix) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        files.forEach((part, bytes) -> {
            body.writeBytes(text(
                    "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\"../some/"
                            + part + suffix + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
            body.writeBytes(bytes);
            body.writeBytes(text("\r\n"));
        });
        if (spec != null) {
            body.writeBytes(text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n"
                    + "Content-Type: application/json\r\n\r\n" + spec.replace('\'', '"') + "\r\n"));
        }
        body.writeBytes(text("--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
