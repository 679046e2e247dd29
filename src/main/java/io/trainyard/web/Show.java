package io.trainyard.web;

import io.trainyard.training.EpochMetrics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.lang3.time.DurationFormatUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** How the templates write numbers, times and JSON. */
@Component
class Show {

    private static final double KILO = 1000;
    private static final int CELL_DIGITS = 5;
    private static final int MOST_DIGITS = 10;

    private final JsonMapper json;

    Show(JsonMapper json) {
        this.json = json;
    }

    /** What a form's field holds; a form sends what was left empty too. */
    static @Nullable String given(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** An accuracy as per cent, anything else with four significant digits. */
    public String figure(String name, @Nullable Double value) {
        if (value == null) {
            return "not a number";
        }
        return name.endsWith("accuracy") ? percent(value) : number(value);
    }

    public String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share * 100);
    }

    public String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size != 0 && (size < 1e-3 || size >= 1e5) ? "%.3e" : "%.4g", value);
    }

    /** A cell of a table: a number with at most five significant digits, a text as it is. */
    public String value(@Nullable Object cell) {
        if (cell == null) {
            return "missing";
        }
        if (!(cell instanceof Float number) || !Float.isFinite(number)) {
            return cell.toString();
        }
        BigDecimal rounded =
                new BigDecimal(number).round(new MathContext(CELL_DIGITS)).stripTrailingZeros();
        return Math.abs(rounded.scale()) < MOST_DIGITS ? rounded.toPlainString() : rounded.toString();
    }

    /** As short as four significant digits allow, such as {@code 4.3} or {@code 1.204e+08}. */
    public String plain(double value) {
        String text = number(value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
    }

    /** What a cell of a dataset holds. */
    public String cell(@Nullable Object value) {
        if (value == null) {
            return "–";
        }
        return value instanceof Float ? value.toString().replaceFirst("\\.0$", "") : value.toString();
    }

    public String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Such as {@code 354.5 kB}. */
    public String bytes(double bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        double left = bytes;
        while (left >= KILO && unit < units.length - 1) {
            left /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", left, units[unit]);
    }

    /** Such as {@code 0.4 s}, {@code 3 min 5 s} or {@code 2 h 4 min}. */
    public String duration(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long millis = (long) (seconds * KILO);
        return DurationFormatUtils.formatDuration(millis, seconds < 3600 ? "m' min 's' s'" : "H' h 'm' min'");
    }

    /** The time from one instant to another, or to now. */
    public String between(Instant from, @Nullable Instant to) {
        return duration(Duration.between(from, to == null ? Instant.now() : to).toMillis() / KILO);
    }

    /** Such as {@code 2026-11-25 17:13} in UTC. */
    public String day(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    public String json(Object value) {
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** A path of this service, as the one who asks reaches it. */
    public String address(String path) {
        return ServletUriComponentsBuilder.fromCurrentContextPath().path(path).toUriString();
    }

    /** A text as one word of a POSIX shell's command line. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** JSON in one line. */
    public String compact(Object value) {
        return json.writeValueAsString(value);
    }

    /** The name of the figure that tells most of an epoch: the validation accuracy where there is one. */
    public String headline(Map<String, Double> figures) {
        return figures.containsKey("val_accuracy")
                ? "val_accuracy"
                : new TreeMap<>(figures)
                        .keySet().stream()
                                .filter(name -> name.startsWith("val_") && !name.equals("val_loss"))
                                .findFirst()
                                .orElse("val_loss");
    }

    /** The headline of an epoch: an accuracy alone, such as {@code 98.12%}, anything else with its name. */
    public String headline(EpochMetrics epoch) {
        String name = headline(epoch.figures());
        String figure = figure(name, epoch.figures().get(name));
        return name.endsWith("accuracy") ? figure : name + " " + figure;
    }

    /** A constant in small letters, whatever language the reader's browser asks for. */
    public String lower(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
