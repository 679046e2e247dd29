package io.trainyard.setting;

/** Somebody set what nothing reads. */
class UnknownSettingException extends RuntimeException {

    UnknownSettingException(String name, String where) {
        super("No setting is called " + name + " (" + where + ").");
    }
}
