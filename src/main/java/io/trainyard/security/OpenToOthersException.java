package io.trainyard.security;

/** The service was to listen where other machines reach it, and to ask nobody who they are. */
class OpenToOthersException extends RuntimeException {

    private final String setting;
    private final String address;

    OpenToOthersException(String setting, String address) {
        super(setting + " is " + address + ", and authentication is not required");
        this.setting = setting;
        this.address = address;
    }

    String setting() {
        return setting;
    }

    String address() {
        return address;
    }
}
