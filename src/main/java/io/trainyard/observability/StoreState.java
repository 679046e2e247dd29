package io.trainyard.observability;

/**
 * Of the artifact folder's disk.
 *
 * @param writable whether a file could be written there just now
 */
record StoreState(boolean writable, long freeBytes, long totalBytes) {}
