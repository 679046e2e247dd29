package io.trainyard.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of an upload.
 *
 * @param part the name of its part
 * @param name as its sender calls it
 * @param path where it lies while it is read
 */
public record UploadedFile(
        String part,
        String name,
        long bytes,
        String sha256,
        @JsonIgnore Path path) {

    /**
     * Says that the file cannot become a dataset version.
     *
     * @param detail where in it the fault is, and what would be right
     */
    ProblemException invalid(String detail) {
        String file = name.isEmpty() ? part : part + " (" + name + ")";
        return new ProblemException(
                ProblemType.INVALID_DATASET,
                file + ": " + detail,
                List.of(new FieldError(FieldError.pointer("", part), detail)));
    }
}
