package io.trainyard.network.layer;

import io.trainyard.problem.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks what every layer has: its name and the names of its inputs. */
final class Node {

    private static final int MAX_NAME = 100;
    private static final int MAX_INPUTS = 100;

    private Node() {}

    /** Returns the inputs, unmodifiable. */
    static @Nullable List<String> check(@Nullable String name, @Nullable List<String> inputs) {
        if (name != null) {
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw new InvalidFieldException("name", "must have from 1 to " + MAX_NAME + " characters");
            }
            if (name.indexOf('\0') >= 0) {
                throw new InvalidFieldException("name", "must not hold the character U+0000");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new InvalidFieldException("name", "must not hold half a surrogate pair");
            }
        }
        if (inputs == null) {
            return null;
        }
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS || inputs.stream().anyMatch(Objects::isNull)) {
            throw new InvalidFieldException("inputs", "must hold from 1 to " + MAX_INPUTS + " names of layers");
        }
        return List.copyOf(inputs);
    }
}
