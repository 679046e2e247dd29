package io.trainyard.setting;

/** A variable that names a file in place of a setting's value cannot be followed. */
class SettingFileException extends RuntimeException {

    SettingFileException(String message) {
        super(message);
    }
}
