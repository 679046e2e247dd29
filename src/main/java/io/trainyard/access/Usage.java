package io.trainyard.access;

/** What one owner's things of some kind take on disk; the modules that have such things implement it. */
public interface Usage {

    long bytes(String owner);
}
