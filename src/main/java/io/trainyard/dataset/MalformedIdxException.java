package io.trainyard.dataset;

import java.io.IOException;

/** A file is not what the IDX format says. */
class MalformedIdxException extends IOException {

    MalformedIdxException(String message) {
        super(message);
    }
}
