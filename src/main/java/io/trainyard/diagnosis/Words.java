package io.trainyard.diagnosis;

import java.util.Locale;

/** Numbers, as a sentence has them. */
final class Words {

    private Words() {}

    /** With three significant digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1e6 ? "%.2g" : value >= 100 ? "%.0f" : "%.3g", value);
    }

    /** A share in percent. */
    static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.1f%%" : "%.0f%%", percent);
    }
}
