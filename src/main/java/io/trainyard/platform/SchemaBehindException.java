package io.trainyard.platform;

/** The database's schema is of an earlier release, and this process is not the one that migrates it. */
class SchemaBehindException extends RuntimeException {

    SchemaBehindException(String lacking) {
        super("The database lacks version " + lacking + " of the schema");
    }
}
