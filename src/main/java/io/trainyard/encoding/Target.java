package io.trainyard.encoding;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a network is to tell about a row, stored as JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Target.Classes.class, name = "classes"),
    @JsonSubTypes.Type(value = Target.Quantity.class, name = "quantity"),
})
public sealed interface Target {

    /** The names of the classes; empty where the target is a number. */
    @JsonIgnore
    List<String> classes();

    /** What a label says: the name of a class, or the number itself. */
    Object label(float value);

    /** How many values answer a row. */
    int answers();

    /**
     * One of several classes; a label is an index into their names.
     *
     * @param names in the order of the labels
     */
    record Classes(List<String> names) implements Target {

        public Classes {
            names = List.copyOf(names);
        }

        @Override
        public List<String> classes() {
            return names;
        }

        @Override
        public String label(float value) {
            return names.get((int) value);
        }

        @Override
        public int answers() {
            return names.size();
        }
    }

    /**
     * A number.
     *
     * @param name of the column that holds it
     */
    record Quantity(String name) implements Target {

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public Float label(float value) {
            return value;
        }

        @Override
        public int answers() {
            return 1;
        }
    }
}
