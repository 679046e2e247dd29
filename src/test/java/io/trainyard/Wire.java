package io.trainyard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection to the service, over which a test sends what no HTTP client would. */
public final class Wire implements AutoCloseable {

    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    public static Wire open() {
        URI service = Service.shared().uri("/");
        try {
            return new Wire(new Socket(service.getHost(), service.getPort()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a whole request, and returns all that is answered until the connection is closed. */
    public static String exchange(String request) {
        try (Wire wire = open()) {
            wire.send(request);
            return wire.answer();
        }
    }

    /** The service's name and port, as they stand in a Host header. */
    public static String authority() {
        return Service.shared().uri("/").getAuthority();
    }

    /** A character is a byte. */
    public void send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the first byte of the answer. */
    public void awaitAnswer() {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IllegalStateException("there is no answer");
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Goes away without a word: the service finds out when it next sends something. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is answered until the connection is closed. */
    public String answer() {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                answer.write(buffer, 0, n);
            }
        } catch (SocketException reset) {
            // It was closed while something had not been read.
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Of an answer; 0 where there is none. */
    public static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
