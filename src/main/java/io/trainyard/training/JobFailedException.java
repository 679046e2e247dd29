package io.trainyard.training;

/** The job cannot succeed; the message is the reason that its user reads. */
class JobFailedException extends RuntimeException {

    JobFailedException(String reason) {
        super(reason);
    }
}
