package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/jobs")
@Tag(name = "Jobs")
class DiagnosisController {

    private static final String EXAMPLE_ID = "00000000-0000-0000-0000-000000000000";

    private final Diagnoses diagnoses;

    DiagnosisController(Diagnoses diagnoses) {
        this.diagnoses = diagnoses;
    }

    @Operation(operationId = "diagnoseJob", summary = "Diagnose a job", description = """
                    Reads the curves as a tutor would: what they show, the points that show it, and what to try. A job that runs
                    is read as far as it is; one that predicts has no curves, and no findings.

                    Each suggestion's `changes` are a JSON Patch (RFC 6902) of the job's `spec`. Applied, they give the body of a
                    job that would be accepted.

                    `diverged`: the loss is no number, or explodes. `not_learning`: it barely moves. `slow`: saturating
                    activations let little of the gradient through. `noisy`: the validation loss jumps. `overfitting`: it climbs,
                    or stays behind, while the training loss falls. `underfitting`: both have flattened at a poor value.
                    `under_trained`: it was still falling at the end. `too_early`: too few epochs. `healthy`: none of these.""")
    @GetMapping("/{id}/diagnosis")
    Diagnosis diagnosis(@Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
        return diagnoses.of(id);
    }
}
