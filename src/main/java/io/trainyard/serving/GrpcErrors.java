package io.trainyard.serving;

import io.grpc.Status;
import io.grpc.StatusException;
import io.trainyard.problem.DatabaseAway;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/** Gives problems a status of gRPC, by the HTTP status that they have elsewhere; the words stay. */
@Component
@Profile("api")
class GrpcErrors implements GrpcExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(GrpcErrors.class);

    @Override
    public StatusException handleException(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return status(problem.type()).withDescription(problem.getMessage()).asException();
        }
        if (failure instanceof InvalidFieldException invalid) {
            String field = invalid.field().startsWith("/") ? invalid.field() : "/" + invalid.field();
            return Status.INVALID_ARGUMENT
                    .withDescription(field + ": " + invalid.detail())
                    .asException();
        }
        if (DatabaseAway.is(failure)) {
            return Status.UNAVAILABLE
                    .withDescription("PostgreSQL cannot be reached; try again.")
                    .asException();
        }
        log.error("a call failed", failure);
        return Status.INTERNAL
                .withDescription("The call failed; the log says why.")
                .asException();
    }

    private static Status status(ProblemType type) {
        return switch (type.status()) {
            case UNAUTHORIZED -> Status.UNAUTHENTICATED;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case CONTENT_TOO_LARGE, TOO_MANY_REQUESTS -> Status.RESOURCE_EXHAUSTED;
            case CONFLICT -> Status.FAILED_PRECONDITION;
            case GATEWAY_TIMEOUT -> Status.DEADLINE_EXCEEDED;
            case SERVICE_UNAVAILABLE, INSUFFICIENT_STORAGE -> Status.UNAVAILABLE;
            case INTERNAL_SERVER_ERROR -> Status.INTERNAL;
            default -> Status.INVALID_ARGUMENT;
        };
    }
}
