package io.trainyard.client;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A thing that has a {@code type} and, by it, parameters in Keras' terms: a layer, an optimizer, a loss, a metric, a schedule,
 * an initializer. Of a newer service it may be one that this client does not know.
 *
 * @param json its JSON form
 */
public record Spec(@JsonValue Map<String, Object> json) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Spec {
        json = Map.copyOf(json);
    }

    /** That of a type, with the type's defaults. */
    public static Spec of(String type) {
        return new Spec(Map.of("type", type));
    }

    /** A fully connected layer. */
    public static Spec dense(int units, String activation) {
        return of("dense").with("units", units).with("activation", activation);
    }

    /** The same with one more parameter. */
    public Spec with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(json);
        more.put(name, value);
        return new Spec(more);
    }

    /** Which it is. */
    public String type() {
        return String.valueOf(json.get("type"));
    }
}
