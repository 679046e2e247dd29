package io.trainyard.artifact;

import java.util.List;

/**
 * What a comparison of the store with what is needed has found.
 *
 * @param files that are needed
 * @param bytes that they hold
 * @param orphans files that nothing needs and that are too young to be deleted: they may be about to be needed
 * @param collected files that nothing needed and that were deleted
 */
public record StoreReport(
        int files,
        long bytes,
        List<Fault> missing,
        List<Fault> damaged,
        int orphans,
        int collected,
        long collectedBytes) {

    /**
     * A file that is not as it must be.
     *
     * @param owner what needs it
     */
    public record Fault(String owner, String path, String detail) {}
}
