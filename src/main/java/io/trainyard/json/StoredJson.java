package io.trainyard.json;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON out of rows. */
public final class StoredJson {

    private StoredJson() {}

    /**
     * For what is only shown: passes over the fields that a later release has written, which runs beside this one while it replaces it.
     * Never for what is computed with: a setting that is not known must not be left out.
     */
    public static JsonMapper shown(JsonMapper strict) {
        return strict.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }
}
