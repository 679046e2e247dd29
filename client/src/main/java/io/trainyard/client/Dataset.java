package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dataset with its versions. */
public record Dataset(String name, @Nullable String description, List<DatasetVersion> versions) {}
