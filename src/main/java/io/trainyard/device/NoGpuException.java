package io.trainyard.device;

/** A worker was to have a GPU, and there is none for it. */
public final class NoGpuException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Of a reason that is a whole sentence's part, without a full stop. */
    public NoGpuException(String reason) {
        super(reason);
    }
}
