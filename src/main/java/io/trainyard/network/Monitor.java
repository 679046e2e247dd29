package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a figure of an epoch that something watches, such as {@code val_loss} or {@code train_accuracy}. As in
 * Keras, a name without {@code val_} is that of the training split: {@code loss} is {@code train_loss}.
 */
@Schema(type = "string", example = "val_loss")
public record Monitor(@JsonValue String name) {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Set<String> LESS_IS_BETTER = Set.of("loss", "mae", "rmse");

    static final Monitor VAL_LOSS = new Monitor("val_loss");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Monitor {
        if (!FORM.matcher(name).matches()) {
            throw new InvalidFieldException("", "must be the name of a metric, such as val_loss, was '" + name + "'");
        }
        name = name.startsWith("val_") || name.startsWith("train_") ? name : "train_" + name;
    }

    /** Which direction is better. */
    public enum Mode {
        /** By the metric: less for losses and errors, more for the others. */
        AUTO,
        MIN,
        MAX;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The metric's name without its split. */
    public String metric() {
        return name.substring(name.indexOf('_') + 1);
    }

    /** Whether {@code value} is better than {@code best} by more than {@code minDelta}. */
    public boolean improves(Mode mode, double value, double best, double minDelta) {
        boolean less = mode == Mode.MIN || (mode == Mode.AUTO && LESS_IS_BETTER.contains(metric()));
        return less ? value < best - minDelta : value > best + minDelta;
    }

    @Override
    public String toString() {
        return name;
    }
}
