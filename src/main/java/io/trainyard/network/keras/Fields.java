package io.trainyard.network.keras;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The fields of one JSON object that Keras wrote, in its place. It hands out typed values by key and knows which keys
 * were asked for, so that {@link #refuseOthers} can complain about the rest. A field that is null counts as missing.
 */
class Fields {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MAX_SHOWN = 80;

    private final JsonNode json;
    private final String pointer;
    private final String owner;
    private final Set<String> known = new HashSet<>();

    /**
     * The fields of a value that must be a JSON object.
     *
     * @param owner what the object is, in words that errors begin with
     */
    Fields(JsonNode json, String pointer, String owner) {
        if (!json.isObject()) {
            throw problem(pointer, owner + " must be a JSON object, was " + shown(json));
        }
        this.json = json;
        this.pointer = pointer;
        this.owner = owner;
    }

    /** The fields of an object that stands in a field. */
    Fields object(String key) {
        return new Fields(required(key), pointer(key), owner(key));
    }

    /** The fields of an object that stands in a field and that errors do not name. */
    Fields inner(String key) {
        return new Fields(required(key), pointer(key), owner);
    }

    /** Whether the field is there, be it null. */
    boolean has(String key) {
        return json.has(key);
    }

    /** The value of a field; null where it is missing. */
    @Nullable
    JsonNode value(String key) {
        known.add(key);
        JsonNode value = json.get(key);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode required(String key) {
        JsonNode value = value(key);
        if (value == null) {
            throw fault(key, "is required");
        }
        return value;
    }

    @Nullable
    String text(String key) {
        return value(key) == null ? null : requiredText(key);
    }

    String requiredText(String key) {
        JsonNode value = required(key);
        if (!value.isString()) {
            throw fault(key, "must be a string, was " + shown(value));
        }
        return value.stringValue();
    }

    boolean flag(String key) {
        JsonNode value = required(key);
        if (!value.isBoolean()) {
            throw fault(key, "must be true or false, was " + shown(value));
        }
        return value.booleanValue();
    }

    boolean flag(String key, boolean otherwise) {
        return value(key) == null ? otherwise : flag(key);
    }

    double number(String key) {
        JsonNode value = required(key);
        if (!value.isNumber()) {
            throw fault(key, "must be a number, was " + shown(value));
        }
        return value.numberValue().doubleValue();
    }

    int integer(String key) {
        return integer(key, required(key));
    }

    int integer(String key, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw fault(key, "must be an integer, was " + shown(value));
        }
        return value.intValue();
    }

    List<Integer> integers(String key) {
        JsonNode array = required(key);
        if (!array.isArray()) {
            throw fault(key, "must be an array of integers, was " + shown(array));
        }
        List<Integer> integers = new ArrayList<>();
        for (JsonNode element : array) {
            integers.add(integer(key, element));
        }
        return integers;
    }

    /** A value that has the same form in this service's own JSON. */
    <T> T value(String key, Class<T> type) {
        JsonNode value = required(key);
        try {
            return MAPPER.treeToValue(value, type);
        } catch (JacksonException fault) {
            throw fault(
                    key,
                    fault.getCause() instanceof InvalidFieldException invalid
                            ? invalid.detail()
                            : "cannot be read, was " + shown(value));
        }
    }

    /** One of the names that this service's own JSON also has. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String name = requiredText(key);
        try {
            return MAPPER.treeToValue(JsonNodeFactory.instance.stringNode(name), type);
        } catch (JacksonException unknown) {
            throw fault(
                    key,
                    "'" + cut(name) + "' is not supported; supported: "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(Enum::toString)
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** Names fields that do not change what the network is. */
    void ignore(String... keys) {
        known.addAll(List.of(keys));
    }

    /** Refuses parameters that this service does not have, unless they hold null. */
    void onlyNull(String... keys) {
        for (String key : keys) {
            JsonNode value = value(key);
            if (value != null) {
                throw fault(key, shown(value) + " is not supported");
            }
        }
    }

    /** Refuses parameters that this service does not have, unless they hold false. */
    void onlyFalse(String... keys) {
        for (String key : keys) {
            if (flag(key, false)) {
                throw unsupported(key, required(key), "false");
            }
        }
    }

    /** Refuses a parameter that this service does not have, unless it holds the number at which it does nothing. */
    void only(String key, int neutral) {
        if (value(key) != null && number(key) != neutral) {
            throw unsupported(key, required(key), String.valueOf(neutral));
        }
    }

    /** Refuses a field unless it holds one of the names that mean what this service does. */
    void only(String key, String... names) {
        String name = text(key);
        if (name != null && !List.of(names).contains(name)) {
            throw unsupported(key, required(key), "'" + names[0] + "'");
        }
    }

    /** Says that of all values of a parameter this service knows but one. */
    ProblemException unsupported(String key, JsonNode value, String supported) {
        return fault(key, shown(value) + " is not supported; only " + supported + " is");
    }

    /** Refuses fields that nobody asked for: a parameter must never get lost in silence. */
    void refuseOthers() {
        for (String key : json.propertyNames()) {
            if (!known.contains(key)) {
                throw fault(key, "is not a field that is known here");
            }
        }
    }

    /** Makes a value of these fields; what its constructor refuses is told with the field's place. */
    <T> T make(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (InvalidFieldException invalid) {
            throw fault(invalid.field(), invalid.detail());
        }
    }

    /** Makes a value of one field. */
    <T> T make(String key, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (InvalidFieldException invalid) {
            throw fault(key, invalid.detail());
        }
    }

    /** A fault of the value of a field. */
    ProblemException fault(String key, String detail) {
        return problem(pointer(key), owner(key) + " " + detail);
    }

    /** A fault of the object as a whole that shows in one of its fields. */
    ProblemException faultOfWhole(String key, String detail) {
        return problem(pointer(key), owner + " " + detail);
    }

    String pointer(String key) {
        return FieldError.pointer(pointer, key);
    }

    String owner() {
        return owner;
    }

    private String owner(String key) {
        return owner + ": " + cut(key);
    }

    static ProblemException problem(String pointer, String detail) {
        FieldError error = new FieldError(encodable(pointer), encodable(detail));
        return new ProblemException(ProblemType.INVALID_NETWORK, error.detail(), List.of(error));
    }

    /** A text in JSON may hold half a surrogate pair, with which no answer can be written. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** A value in the words of an error: an object of a class by its name. */
    static String shown(JsonNode value) {
        if (value.isString()) {
            return "'" + cut(value.stringValue()) + "'";
        }
        JsonNode className = value.path("class_name");
        return cut(className.isString() ? className.stringValue() : value.toString());
    }

    static String cut(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }
}
