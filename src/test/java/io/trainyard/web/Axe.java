package io.trainyard.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The accessibility checker's script, from its WebJar. */
final class Axe {

    /** Runs in a page as an expression; the policy of the page does not bind what a debugger runs. */
    static final String SOURCE = read();

    private Axe() {}

    private static String read() {
        try (InputStream script = Objects.requireNonNull(
                Axe.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
