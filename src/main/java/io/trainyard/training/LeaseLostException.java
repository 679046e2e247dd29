package io.trainyard.training;

/** Another attempt of the job has begun, or the job has ended: this one must drop its work. */
class LeaseLostException extends RuntimeException {

    LeaseLostException(Lease lease) {
        super("the lease is lost: " + lease);
    }
}
