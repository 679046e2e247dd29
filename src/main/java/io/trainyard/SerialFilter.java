package io.trainyard;

import java.io.ObjectInputFilter;

/**
 * No Java object is ever deserialised in a process of this program, by whatever library and whatever way a file may ask for
 * it: {@code -Djdk.serialFilter=!*}, also where nobody gave that flag.
 */
final class SerialFilter {

    private static final String NOTHING = "!*";

    private SerialFilter() {}

    /** Closes the door, unless the command line has said what may come in: that can be said only once. */
    static void install() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(NOTHING));
        }
    }
}
