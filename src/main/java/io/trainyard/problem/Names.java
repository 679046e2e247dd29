package io.trainyard.problem;

import java.util.regex.Pattern;

/** The rule for names of models, aliases and datasets; what meets it is safe in an address, a file name and a log line. */
public final class Names {

    public static final String PATTERN = "[a-z0-9][a-z0-9._-]{0,62}";
    private static final Pattern NAME = Pattern.compile(PATTERN);

    private Names() {}

    /**
     * @throws InvalidFieldException when it does not meet the rule
     */
    public static void check(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidFieldException(field, "must match " + PATTERN);
        }
    }
}
