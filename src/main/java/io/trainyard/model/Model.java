package io.trainyard.model;

import java.util.Map;

/**
 * What the versions of a model have in common.
 *
 * @param description what people say of it
 * @param tags keys and values of their own
 */
public record Model(String name, String description, Map<String, String> tags) {}
