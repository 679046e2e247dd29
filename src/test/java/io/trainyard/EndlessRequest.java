package io.trainyard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request whose body begins in some way and then repeats a character a billion times. It is made while it is sent, and the
 * answer is read meanwhile: a service that has heard enough does not wait for the end.
 */
final class EndlessRequest {

    private static final long TIMES = 1_000_000_000;
    private static final int CHUNK = 1 << 16;

    private EndlessRequest() {}

    /**
     * What came back.
     *
     * @param sent bytes of the body, roughly, when it came
     */
    record Answer(int status, String body, long sent) {}

    static Answer post(URI address, String contentType, String beginning, char repeated) throws IOException {
        AtomicLong sent = new AtomicLong();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            Thread sender = new Thread(
                    () -> {
                        try {
                            send(socket.getOutputStream(), address, contentType, beginning, repeated, sent);
                        } catch (IOException closed) {
                            // It was told that this is enough.
                            sent.addAndGet(0);
                        }
                    },
                    "endless-request");
            sender.start();
            return answer(socket, sent);
        }
    }

    private static void send(
            OutputStream out, URI address, String contentType, String beginning, char repeated, AtomicLong sent)
            throws IOException {
        out.write(ascii("POST " + address.getRawPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                + "\r\nContent-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(beginning.length()) + "\r\n" + beginning + "\r\n"));
        byte[] characters = new byte[CHUNK];
        Arrays.fill(characters, (byte) repeated);
        for (long left = TIMES; left > 0; left -= CHUNK) {
            out.write(ascii(Integer.toHexString(CHUNK) + "\r\n"));
            out.write(characters);
            out.write(ascii("\r\n"));
            sent.addAndGet(CHUNK);
        }
        out.write(ascii("0\r\n\r\n"));
        out.flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Answer answer(Socket socket, AtomicLong sent) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        int status = Integer.parseInt(in.readLine().split(" ", 3)[1]);
        int length = -1;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        if (length < 0) {
            length = Integer.parseInt(in.readLine().strip(), 16);
        }
        char[] body = new char[length];
        for (int read = 0; read < length; ) {
            int count = in.read(body, read, length - read);
            if (count < 0) {
                throw new IOException("the answer is cut off");
            }
            read += count;
        }
        return new Answer(status, new String(body), sent.get());
    }
}
