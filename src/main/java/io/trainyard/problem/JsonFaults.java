package io.trainyard.problem;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what Jackson found wrong with a body in the caller's terms: no class names, a JSON pointer, the choices. */
public final class JsonFaults {

    private static final Pattern ADVICE =
            Pattern.compile("\\s*(: enable |\\(start marker|\\(for |\\[Source|at \\[Source).*$");

    private JsonFaults() {}

    /** What is wrong with JSON that a client has sent; a fault in JSON of our own is no fault of the client's. */
    public static ProblemException problem(JacksonException fault) {
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
            String at = invalid.field().isEmpty() ? pointer : FieldError.pointer(pointer, invalid.field());
            return one(
                    invalid.isWrongType() ? ProblemType.MALFORMED_REQUEST : ProblemType.INVALID_REQUEST,
                    at,
                    invalid.detail());
        }
        if (fault instanceof InvalidTypeIdException type) {
            return typeId(type, pointer);
        }
        if (fault instanceof InvalidFormatException format
                && format.getTargetType() != null
                && format.getTargetType().isEnum()
                && format.getValue() instanceof String) {
            return one(
                    ProblemType.INVALID_REQUEST,
                    pointer,
                    "'" + format.getValue() + "' is not one of " + choices(format.getTargetType()));
        }
        if (fault instanceof MismatchedInputException mismatch) {
            return one(ProblemType.MALFORMED_REQUEST, pointer, expectation(mismatch));
        }
        if (fault instanceof InputCoercionException) {
            return one(ProblemType.MALFORMED_REQUEST, pointer, "the number is out of range");
        }
        if (fault instanceof StreamReadException || !(fault instanceof DatabindException)) {
            return new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is not valid JSON" + syntax(fault));
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

    private static ProblemException typeId(InvalidTypeIdException fault, String pointer) {
        JsonTypeInfo typeInfo = fault.getBaseType().getRawClass().getAnnotation(JsonTypeInfo.class);
        String property = typeInfo == null || typeInfo.property().isEmpty() ? "type" : typeInfo.property();
        JsonSubTypes subTypes = fault.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        String choices = subTypes == null
                ? ""
                : Arrays.stream(subTypes.value())
                        .flatMap(JsonFaults::names)
                        .collect(Collectors.joining(", ", "; known " + property + "s: ", ""));
        String what =
                fault.getTypeId() == null ? "is required" : "'" + fault.getTypeId() + "' is not a known " + property;
        return one(ProblemType.INVALID_REQUEST, FieldError.pointer(pointer, property), what + choices);
    }

    private static Stream<String> names(JsonSubTypes.Type type) {
        return type.name().isEmpty() ? Arrays.stream(type.names()) : Stream.of(type.name());
    }

    /** Where and what, without the parser's advice to programmers. */
    private static String syntax(JacksonException fault) {
        if (fault instanceof StreamConstraintsException) {
            return ": it holds a number, a name or a text that is too long, or is nested too deeply";
        }
        var at = fault.getLocation();
        String place =
                at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        String message =
                String.valueOf(fault.getOriginalMessage()).lines().findFirst().orElse("");
        return place + ": " + ADVICE.matcher(message).replaceFirst("");
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
        JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
        return description == null ? "a JSON object" : description.value();
    }

    private static String choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> "'" + constant.toString() + "'")
                .collect(Collectors.joining(", "));
    }

    private static String pointer(JacksonException fault) {
        String pointer = "";
        for (JacksonException.Reference step : fault.getPath()) {
            if (step.getPropertyName() != null) {
                pointer = FieldError.pointer(pointer, step.getPropertyName());
            } else if (step.getIndex() >= 0) {
                pointer = FieldError.pointer(pointer, step.getIndex());
            }
        }
        return pointer;
    }
}
