package io.trainyard.artifact;

/**
 * A file of the store that is needed.
 *
 * @param owner what needs it, in words
 * @param path below the store's folder
 * @param artifact what the file must hold
 */
public record Reference(String owner, String path, Artifact artifact) {}
