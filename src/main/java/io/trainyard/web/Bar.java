package io.trainyard.web;

import org.apache.commons.lang3.StringUtils;

/**
 * A bar that lies in a chart beside its name.
 *
 * @param full its name, which may be long
 * @param share of the longest bar
 */
record Bar(String full, long count, double share) {

    private static final int SHOWN = 14;

    /** What there is room for of its name. */
    public String label() {
        return StringUtils.abbreviate(full, "…", SHOWN);
    }
}
