package io.trainyard.encoding;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.trainyard.problem.InvalidFieldException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One of several texts; a raw value is an index into {@code values}. One-hot, each text that the training split has is an
 * input of its own, 1 where it is the row's; ordinal, the one input is the text's place among them, from 0.
 */
public final class CategoricalColumn implements Column {

    /** The raw value of a text that is none of {@code values}. */
    public static final float UNKNOWN = -1;

    /** Stands for a text that was not kept, and is unknown again: the replacement character. */
    private static final String UNKNOWN_TEXT = "\uFFFD";

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

    private static final int NAMED = 20;

    /** How a text becomes inputs. */
    public enum Form {
        @JsonProperty("one_hot")
        ONE_HOT,
        @JsonProperty("ordinal")
        ORDINAL
    }

    private final String name;
    private final Form form;
    private final List<String> values;
    private final List<String> unseen;
    private final @Nullable String missing;
    private final boolean ignoreUnknown;
    private final Map<String, Integer> indices = new HashMap<>();
    /** Of values that are written as numbers: a client may send a number, whose way of writing is lost. */
    private final Map<Double, Integer> numbers = new HashMap<>();
    /** Of each value, its place among those of the training split; -1 where it has none. */
    private final int[] places;

    private final int seen;
    private final int missingPlace;

    /**
     * @param values all that the dataset has, or its user has named
     * @param unseen those that the training split lacks: the network knows nothing of them
     * @param missing the one of {@code values} that stands for a missing one; null where a row must have one
     * @param ignoreUnknown whether a client may send what the training split lacks, and the network then sees none of its
     *     texts
     */
    @JsonCreator
    public CategoricalColumn(
            @JsonProperty("name") String name,
            @JsonProperty("form") Form form,
            @JsonProperty("values") List<String> values,
            @JsonProperty("unseen") List<String> unseen,
            @JsonProperty("missing") @Nullable String missing,
            @JsonProperty("ignore_unknown") boolean ignoreUnknown) {
        this.name = name;
        this.form = form;
        this.values = List.copyOf(values);
        this.unseen = List.copyOf(unseen);
        this.missing = missing;
        this.ignoreUnknown = ignoreUnknown;
        this.places = new int[values.size()];
        Set<String> without = new HashSet<>(unseen);
        int next = 0;
        for (int i = 0; i < places.length; i++) {
            indices.put(values.get(i), i);
            if (NUMBER.matcher(values.get(i)).matches()) {
                numbers.putIfAbsent(Double.valueOf(values.get(i)), i);
            }
            places[i] = without.contains(values.get(i)) ? -1 : next++;
        }
        this.seen = next;
        this.missingPlace = missing == null ? -1 : place(indices.getOrDefault(missing, -1));
    }

    /** Whether it becomes a place among its values, and never none. */
    boolean isAlwaysAPlace() {
        return form == Form.ORDINAL && unseen.isEmpty() && !ignoreUnknown;
    }

    private int place(float raw) {
        return raw >= 0 && raw < places.length ? places[(int) raw] : -1;
    }

    @Override
    @JsonProperty
    public String name() {
        return name;
    }

    /** How a text becomes inputs. */
    @JsonProperty
    public Form form() {
        return form;
    }

    /** All texts, in the order of their raw values. */
    @JsonProperty
    public List<String> values() {
        return values;
    }

    /** Those that the training split lacks. */
    @JsonProperty
    public List<String> unseen() {
        return unseen;
    }

    /** The text that stands for a missing one. */
    @JsonProperty
    public @Nullable String missing() {
        return missing;
    }

    /** Whether a client may send other texts. */
    @JsonProperty("ignore_unknown")
    public boolean ignoreUnknown() {
        return ignoreUnknown;
    }

    @Override
    @JsonIgnore
    public int width() {
        return form == Form.ORDINAL ? 1 : Math.max(1, seen);
    }

    @Override
    public void encode(float raw, float[] row, int offset) {
        int place = Float.isNaN(raw) ? missingPlace : place(raw);
        if (form == Form.ORDINAL) {
            row[offset] = place;
            return;
        }
        for (int i = 0; i < width(); i++) {
            row[offset + i] = i == place ? 1 : 0;
        }
    }

    @Override
    public float raw(@Nullable Object value) {
        if (value == null) {
            if (missing == null) {
                throw new InvalidFieldException(name, "is required");
            }
            return MISSING;
        }
        Integer index = indices.get(text(value));
        if (index == null && value instanceof Number number) {
            index = numbers.get(number.doubleValue());
        }
        if (index != null && (ignoreUnknown || places[index] >= 0)) {
            return index;
        }
        if (ignoreUnknown) {
            return UNKNOWN;
        }
        throw new InvalidFieldException(name, "is none of its values, " + known());
    }

    /** A number is known by its shortest text. */
    private static String text(Object value) {
        if (value instanceof Number number) {
            double exact = number.doubleValue();
            return exact == Math.rint(exact) && Math.abs(exact) < 1L << 53
                    ? String.valueOf((long) exact)
                    : number.toString();
        }
        return value.toString();
    }

    private String known() {
        String named = IntStream.range(0, places.length)
                .filter(i -> places[i] >= 0 && !values.get(i).isEmpty())
                .limit(NAMED)
                .mapToObj(i -> "'" + values.get(i) + "'")
                .collect(Collectors.joining(", "));
        return seen > NAMED ? named + " and " + (seen - NAMED) + " more" : named;
    }

    @Override
    public @Nullable Object value(float raw) {
        return raw >= 0 ? values.get((int) raw) : Float.isNaN(raw) ? null : UNKNOWN_TEXT;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CategoricalColumn that
                && name.equals(that.name)
                && form == that.form
                && values.equals(that.values)
                && unseen.equals(that.unseen)
                && Objects.equals(missing, that.missing)
                && ignoreUnknown == that.ignoreUnknown;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, form, values, unseen, missing, ignoreUnknown);
    }
}
