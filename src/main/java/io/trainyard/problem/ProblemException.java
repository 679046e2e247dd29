package io.trainyard.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error that a client is told about, in words it can act on. */
public class ProblemException extends RuntimeException {

    private final ProblemType type;
    private final transient List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of(), null, null);
    }

    public ProblemException(ProblemType type, String detail, List<FieldError> errors) {
        this(type, detail, errors, null, null);
    }

    public ProblemException(
            ProblemType type,
            String detail,
            List<FieldError> errors,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(FieldError.encodable(detail), cause);
        this.type = type;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /** A 404 that names what is missing, such as {@code notFound("job", id)}. */
    public static ProblemException notFound(String what, Object id) {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no " + what + " '" + id + "'.");
    }

    /** A 409 for a name that is another owner's, such as {@code nameTaken("model", name)}. */
    public static ProblemException nameTaken(Object what, String name) {
        return new ProblemException(
                ProblemType.NAME_TAKEN, "The " + what + " name '" + name + "' is taken; choose another.");
    }

    public ProblemType type() {
        return type;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The problem's detail. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
