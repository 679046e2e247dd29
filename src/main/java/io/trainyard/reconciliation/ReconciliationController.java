package io.trainyard.reconciliation;

import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/admin/reconciliation")
@Tag(name = "Administration")
class ReconciliationController {

    private final Reconciliation reconciliation;
    private final ReconciliationSchedule schedule;

    ReconciliationController(Reconciliation reconciliation, ReconciliationSchedule schedule) {
        this.reconciliation = reconciliation;
        this.schedule = schedule;
    }

    @Operation(
            operationId = "getReconciliation",
            summary = "Get the last reconciliation",
            description = "Whether every file that the database names is in the artifact store with its SHA-256, which"
                    + " files nothing needed, and whether every promise about jobs holds. Made once a day and on"
                    + " demand.")
    @GetMapping
    ReconciliationReport latest() {
        return reconciliation
                .latest()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There was no reconciliation yet; POST here to have one made."));
    }

    @Operation(
            operationId = "reconcile",
            summary = "Reconcile now",
            description = "Reads every file, so it can take a while; get the report here afterwards.")
    @ApiResponse(responseCode = "202", description = "It is being made.")
    @PostMapping
    ResponseEntity<Void> run() {
        try {
            schedule.runNow();
        } catch (TaskInstanceCurrentlyExecutingException already) {
            // It is what was asked for.
        }
        return ResponseEntity.accepted().build();
    }
}
