package io.trainyard.training;

import java.util.List;
import java.util.Locale;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** The form of a file of predictions. */
public enum PredictionFormat {
    /** RFC 4180, with a header. */
    CSV("text/csv;charset=UTF-8;header=present"),
    /** A JSON object a line. */
    JSONL("application/jsonl");

    private final String mediaType;

    PredictionFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    MediaType mediaType() {
        return MediaType.valueOf(mediaType);
    }

    /**
     * @param classes that are told apart; none where a number is told
     */
    PredictionLines lines(List<String> classes, JsonMapper json) {
        return switch (this) {
            case CSV -> new CsvLines(classes);
            case JSONL -> new JsonLines(classes, json);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
