package io.trainyard.problem;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what Jackson found wrong with a body in the caller's terms: no class names, a JSON pointer, the choices. */
final class JsonFaults {

    private JsonFaults() {}

    static ProblemException problem(JacksonException fault) {
        String pointer = pointer(fault);
        if (fault instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", ", "; known here: ", ""));
            return one(ProblemType.UNKNOWN_FIELD, pointer, "unknown field '" + unknown.getPropertyName() + "'" + known);
        }
        InvalidFieldException invalid = invalidField(fault);
        if (invalid != null) {
            String field = invalid.field().isEmpty() ? "" : "/" + escape(invalid.field());
            return one(ProblemType.INVALID_REQUEST, pointer + field, invalid.detail());
        }
        if (fault instanceof InvalidTypeIdException type) {
            return one(ProblemType.INVALID_REQUEST, pointer + "/type", describeTypeId(type));
        }
        if (fault instanceof InvalidFormatException format
                && format.getTargetType() != null
                && format.getTargetType().isEnum()) {
            return one(
                    ProblemType.INVALID_REQUEST,
                    pointer,
                    "'" + format.getValue() + "' is not one of " + choices(format.getTargetType()));
        }
        if (fault instanceof MismatchedInputException mismatch) {
            return one(ProblemType.MALFORMED_REQUEST, pointer, expectation(mismatch));
        }
        if (fault instanceof StreamReadException || !(fault instanceof DatabindException)) {
            var at = fault.getLocation();
            String place = at == null || at.getLineNr() < 1
                    ? ""
                    : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            return new ProblemException(
                    ProblemType.MALFORMED_REQUEST,
                    "The body is not valid JSON" + place + ": " + firstSentence(fault.getOriginalMessage()));
        }
        return one(ProblemType.MALFORMED_REQUEST, pointer, "cannot be read");
    }

    private static ProblemException one(ProblemType type, String pointer, String detail) {
        String at = pointer.isEmpty() ? "The body" : pointer;
        return new ProblemException(type, at + ": " + detail, List.of(new FieldError(pointer, detail)));
    }

    private static @Nullable InvalidFieldException invalidField(JacksonException fault) {
        if (fault instanceof ValueInstantiationException && fault.getCause() instanceof InvalidFieldException invalid) {
            return invalid;
        }
        return fault.getCause() instanceof JacksonException inner && inner != fault ? invalidField(inner) : null;
    }

    private static String describeTypeId(InvalidTypeIdException fault) {
        // Jackson lists the choices only in its message: "… known type ids = [a, b] …".
        String message = String.valueOf(fault.getOriginalMessage());
        int open = message.indexOf('[', Math.max(0, message.indexOf("known type ids")));
        int close = message.indexOf(']', open + 1);
        String choices = open < 0 || close < 0 ? "" : "; known types: " + message.substring(open + 1, close);
        return fault.getTypeId() == null
                ? "is required" + choices
                : "'" + fault.getTypeId() + "' is not a known type" + choices;
    }

    private static String expectation(MismatchedInputException fault) {
        Class<?> target = fault.getTargetType();
        String message = String.valueOf(fault.getOriginalMessage());
        if (message.startsWith("No content to map")) {
            return "a JSON body is required";
        }
        if (message.startsWith("Trailing token")) {
            return "the body goes on after the end of its JSON value";
        }
        if (message.contains("out of range")) {
            return "the number is out of range";
        }
        return "must be " + describe(target);
    }

    private static String describe(@Nullable Class<?> type) {
        if (type == null) {
            return "of another JSON type";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "an integer";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class || type.isEnum()) {
            return "a string";
        }
        if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
            return "an array";
        }
        return "a JSON object";
    }

    private static String choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> "'" + constant.toString() + "'")
                .collect(Collectors.joining(", "));
    }

    private static String firstSentence(@Nullable String message) {
        if (message == null) {
            return "it cannot be read";
        }
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String pointer(JacksonException fault) {
        return fault.getPath().stream()
                .map(step -> step.getPropertyName() != null
                        ? "/" + escape(step.getPropertyName())
                        : step.getIndex() >= 0 ? "/" + step.getIndex() : "")
                .collect(Collectors.joining());
    }

    /** RFC 6901, section 3. */
    private static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }
}
