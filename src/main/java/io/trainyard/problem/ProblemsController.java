package io.trainyard.problem;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Serves the catalogue of errors, so that the {@code type} of every problem can be looked up. */
@RestController
@Profile("api")
@Tag(name = "Problems")
class ProblemsController {

    /** One kind of error. */
    record ProblemDescription(URI type, String title, int status, String description) {
        static ProblemDescription of(ProblemType type) {
            return new ProblemDescription(
                    type.uri(), type.title(), type.status().value(), type.description());
        }
    }

    @Operation(
            operationId = "listProblems",
            summary = "List every kind of error",
            description = "The catalogue of RFC 9457 problem types.")
    @GetMapping("/problems")
    List<ProblemDescription> list() {
        return Arrays.stream(ProblemType.values()).map(ProblemDescription::of).toList();
    }

    @Operation(
            operationId = "getProblem",
            summary = "Explain one kind of error",
            description = "The address that a problem's `type` names.")
    @GetMapping("/problems/{slug}")
    ProblemDescription get(@PathVariable String slug) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.slug().equals(slug))
                .findFirst()
                .map(ProblemDescription::of)
                .orElseThrow(() -> ProblemException.notFound("problem type", slug));
    }
}
