package io.trainyard.rollout;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.model.Models;
import io.trainyard.problem.InvalidFieldException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/models/{name}/aliases/{alias}")
@Tag(name = "Rollouts")
class RolloutsController {

    private static final int MAX_LIMIT = 100;
    private static final String EXPECTED = "At which version the alias must point, or 409";
    private static final String EXPECTED_CANDIDATE = "Which version the candidate must be, or 409";

    private final Rollouts rollouts;
    private final RolloutSums sums;
    private final Tallies tallies;
    private final Models models;

    RolloutsController(Rollouts rollouts, RolloutSums sums, Tallies tallies, Models models) {
        this.rollouts = rollouts;
        this.sums = sums;
        this.tallies = tallies;
        this.models = models;
    }

    /**
     * A rollout and what was seen of it.
     *
     * @param version at which the alias points, or pointed while it was live
     * @param weight the share of the alias' requests that the candidate takes part in
     * @param tolerance how far two numbers may be apart and agree; missing where answers are classes
     * @param changedAt when mode, weight and tolerance became what they are
     * @param endedAt missing while it is live
     * @param outcome missing while it is live
     */
    record RolloutView(
            @Schema(example = "1") long id,
            @Schema(example = "2") int version,
            @Schema(example = "1") int candidate,
            Rollout.Mode mode,
            @Schema(example = "1.0") double weight,
            @Nullable Double tolerance,
            Instant startedAt,
            Instant changedAt,
            @Nullable Instant endedAt,
            Rollout.@Nullable Outcome outcome,
            Figures figures) {}

    /** A page of an alias' rollouts. */
    record RolloutList(List<RolloutView> items, @Nullable String nextCursor) {}

    /** A page of disagreements. */
    record DisagreementList(
            List<Disagreement> items, @Nullable String nextCursor) {}

    @Operation(operationId = "putRollout", summary = "Begin or change a rollout", description = """
                    Puts a candidate behind the alias. As a `shadow` it is asked what the alias' version has answered, without
                    the client waiting; its answers are compared and never returned. As a `canary` it answers a share of the
                    requests that name the alias, in every protocol, and the answer names it. A candidate that cannot answer
                    fails no request: the alias' version answers.

                    The share is drawn by the header `X-Rollout-Key`, so that the same key stays on the same side, and, without
                    it, by the request's `X-Request-Id`. Who took part with a small weight does so with a larger one.

                    With the same candidate the rollout goes on, with its figures; with another the one before ends as
                    `superseded`. It ends as well when the alias is moved or removed by its own calls: as `promoted` when
                    moved to the candidate, else as `superseded`.""")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            examples = {
                                @ExampleObject(
                                        name = "a shadow of all requests",
                                        value = "{\"candidate\": 2, \"mode\": \"shadow\"}"),
                                @ExampleObject(
                                        name = "a tenth of the requests",
                                        value = "{\"candidate\": 2, \"mode\": \"canary\", \"weight\": 0.1}")
                            }))
    @PutMapping("/rollout")
    RolloutView begin(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestBody RolloutRequest request) {
        return view(rollouts.begin(name, alias, request));
    }

    @Operation(
            operationId = "getRollout",
            summary = "Get the live rollout",
            description = "With its figures, which other API processes add to every two seconds.")
    @GetMapping("/rollout")
    RolloutView get(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias) {
        return view(rollouts.get(name, alias));
    }

    @Operation(
            operationId = "rollBackRollout",
            summary = "Roll the live rollout back",
            description = "The alias stays where it is.")
    @DeleteMapping("/rollout")
    RolloutView rollBack(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @Parameter(description = EXPECTED) @RequestParam(name = "expected_version", required = false) @Nullable
                    Integer expectedVersion,
            @Parameter(description = EXPECTED_CANDIDATE)
                    @RequestParam(name = "expected_candidate", required = false)
                    @Nullable
                    Integer expectedCandidate) {
        return view(rollouts.rollBack(name, alias, expectedVersion, expectedCandidate));
    }

    @Operation(
            operationId = "promoteRollout",
            summary = "Promote the candidate",
            description = "Points the alias at it and ends the rollout, in one step.")
    @PostMapping("/rollout/promote")
    RolloutView promote(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @Parameter(description = EXPECTED) @RequestParam(name = "expected_version", required = false) @Nullable
                    Integer expectedVersion,
            @Parameter(description = EXPECTED_CANDIDATE)
                    @RequestParam(name = "expected_candidate", required = false)
                    @Nullable
                    Integer expectedCandidate) {
        return view(rollouts.promote(name, alias, expectedVersion, expectedCandidate));
    }

    @Operation(
            operationId = "listDisagreements",
            summary = "List the live rollout's disagreements",
            description =
                    "Instances that a shadow has answered differently, the newest first; the newest 100 are kept.")
    @GetMapping("/rollout/disagreements")
    DisagreementList disagreements(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    Long cursor) {
        return disagreements(rollouts.get(name, alias), limit, cursor);
    }

    @Operation(
            operationId = "listRollouts",
            summary = "List an alias' rollouts",
            description = "The live one and those that have ended, the latest first.")
    @GetMapping("/rollouts")
    RolloutList list(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestParam(defaultValue = "20") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    Long cursor) {
        checkLimit(limit);
        List<Rollout> found = rollouts.history(name, alias, cursor == null ? Long.MAX_VALUE : cursor, limit + 1);
        if (found.isEmpty() && cursor == null) {
            models.aliased(name, alias);
        }
        tallies.flush();
        return new RolloutList(
                found.stream().limit(limit).map(this::stored).toList(),
                found.size() > limit ? String.valueOf(found.get(limit - 1).id()) : null);
    }

    @Operation(
            operationId = "listPastDisagreements",
            summary = "List the disagreements of a rollout",
            description = "The newest first, also after its end.")
    @GetMapping("/rollouts/{id}/disagreements")
    DisagreementList pastDisagreements(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @Parameter(example = "1") @PathVariable long id,
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    Long cursor) {
        return disagreements(rollouts.numbered(name, alias, id), limit, cursor);
    }

    private DisagreementList disagreements(Rollout rollout, int limit, @Nullable Long cursor) {
        checkLimit(limit);
        tallies.flush();
        List<RolloutSums.NumberedDisagreement> found =
                sums.disagreements(rollout.id(), cursor == null ? Long.MAX_VALUE : cursor, limit + 1);
        return new DisagreementList(
                found.stream()
                        .limit(limit)
                        .map(RolloutSums.NumberedDisagreement::disagreement)
                        .toList(),
                found.size() > limit ? String.valueOf(found.get(limit - 1).id()) : null);
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_LIMIT + ", was " + limit);
        }
    }

    private RolloutView view(Rollout rollout) {
        tallies.flush();
        return stored(rollout);
    }

    private RolloutView stored(Rollout rollout) {
        return new RolloutView(
                rollout.id(),
                rollout.version(),
                rollout.candidate(),
                rollout.mode(),
                rollout.weight(),
                rollout.tolerance(),
                rollout.startedAt(),
                rollout.changedAt(),
                rollout.endedAt(),
                rollout.outcome(),
                Figures.of(sums.of(rollout.id())));
    }
}
