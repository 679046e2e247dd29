package io.trainyard.dataset;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that classes of pictures may have. */
final class ClassNames {

    private static final int MAX_LENGTH = 200;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private ClassNames() {}

    /** What is wrong with a name, and what would be right; null where nothing is. */
    static @Nullable String fault(String name) {
        if (name.isBlank()) {
            return "must not be blank";
        }
        if (name.length() > MAX_LENGTH) {
            return "must have at most " + MAX_LENGTH + " characters, has " + name.length();
        }
        return name.chars().anyMatch(Character::isISOControl) ? "must hold no control character" : null;
    }

    /** In the order of their labels: of numbers by their value, where all are whole ones, else by their characters. */
    static List<String> inOrder(Collection<String> names) {
        Comparator<String> order = Comparator.naturalOrder();
        if (names.stream().allMatch(name -> WHOLE.matcher(name).matches())) {
            order = Comparator.comparingLong((String name) -> Long.parseLong(name))
                    .thenComparing(order);
        }
        return names.stream().sorted(order).toList();
    }
}
