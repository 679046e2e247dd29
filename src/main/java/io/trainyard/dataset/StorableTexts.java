package io.trainyard.dataset;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The rule for texts that are kept: PostgreSQL takes no U+0000, and UTF-8 no half of a surrogate pair. */
final class StorableTexts {

    private StorableTexts() {}

    /**
     * Checks every text and every name in JSON.
     *
     * @throws ProblemException INVALID_REQUEST, which points at the first that cannot be kept
     */
    static void check(String pointer, JsonNode node) {
        if (node.isString()) {
            check(pointer, node.stringValue());
        }
        int index = 0;
        for (JsonNode item : node.isArray() ? node : List.<JsonNode>of()) {
            check(FieldError.pointer(pointer, index++), item);
        }
        if (node.isObject()) {
            node.properties().forEach(member -> {
                String at = FieldError.pointer(pointer, member.getKey());
                check(at, member.getKey());
                check(at, member.getValue());
            });
        }
    }

    private static void check(String pointer, String text) {
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            String detail = "must hold no U+0000 and no half of a surrogate pair";
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, pointer + ": " + detail, List.of(new FieldError(pointer, detail)));
        }
    }
}
