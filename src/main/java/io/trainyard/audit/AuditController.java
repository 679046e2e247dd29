package io.trainyard.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@Tag(name = "Audit")
class AuditController {

    private static final int MOST = 500;

    private final AuditTrail trail;

    AuditController(AuditTrail trail) {
        this.trail = trail;
    }

    /** A page of events. */
    record AuditPage(List<AuditEvent> items, @Nullable String nextCursor) {}

    @Operation(
            operationId = "listAuditEvents",
            summary = "List what was done",
            description =
                    "Every call that changes something, and every one that was refused, the latest first. Nothing here"
                            + " can be changed, by this service or through it.")
    @GetMapping("/api/v1/audit")
    AuditPage list(
            @Parameter(description = "Only of this name") @RequestParam(required = false) @Nullable String actor,
            @Parameter(description = "Only operations that hold this text") @RequestParam(required = false) @Nullable
                    String action,
            @Parameter(
                            description = "Only with this outcome",
                            schema = @Schema(allowableValues = {"done", "refused", "failed"}))
                    @RequestParam(required = false)
                    @Nullable
                    String outcome,
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    Long cursor) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MOST + ", was " + limit);
        }
        List<AuditEvent> found = trail.page(
                new AuditTrail.Filter(actor, action, outcome == null ? null : AuditEvent.Outcome.parse(outcome)),
                cursor,
                limit + 1);
        return new AuditPage(
                found.stream().limit(limit).toList(),
                found.size() > limit ? String.valueOf(found.get(limit - 1).id()) : null);
    }
}
