package io.trainyard.model;

import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/models/{name}/aliases")
@Tag(name = "Models")
class AliasesController {

    private static final int MAX_LIMIT = 500;
    private static final String EXPECTED = "At which version it must point before, or 409; 0: there must be none";

    private final Aliases aliases;

    AliasesController(Aliases aliases) {
        this.aliases = aliases;
    }

    /** The aliases of a model, by name. */
    record AliasList(List<Alias> items) {}

    /** A page of an alias' history. */
    record AliasHistory(List<AliasMove> items, @Nullable String nextCursor) {}

    /**
     * Where an alias is to point.
     *
     * @param expectedVersion at which it must point before; 0 when there must be none; by default it does not matter
     */
    record AliasRequest(
            @Schema(example = "1", requiredMode = Schema.RequiredMode.REQUIRED)
            Integer version,

            @Nullable Integer expectedVersion) {
        AliasRequest {
            if (required("version", version) < 1) {
                throw new InvalidFieldException("version", "must be a version's number, from 1 on, was " + version);
            }
        }
    }

    @Operation(
            operationId = "listAliases",
            summary = "List a model's aliases",
            description = "By name, each with the version that it points at.")
    @GetMapping
    AliasList list(@Parameter(example = "digits") @PathVariable String name) {
        return new AliasList(aliases.of(name));
    }

    @Operation(
            operationId = "getAlias",
            summary = "Get an alias",
            description = "The version at which it points; with `at`, the one at which it pointed then.")
    @GetMapping("/{alias}")
    Alias get(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestParam(required = false) @Nullable Instant at) {
        return aliases.get(name, alias, at);
    }

    @Operation(
            operationId = "moveAlias",
            summary = "Point an alias at a version",
            description = "Makes it, or moves it: compare-and-set where `expected_version` is given. Requests that name"
                    + " the alias get the new version from the answer on. A rollout behind it ends: as `promoted` when this is its"
                    + " candidate, else as `superseded`.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "the first version", value = "{\"version\": 1}")))
    @PutMapping("/{alias}")
    Alias move(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestBody AliasRequest request) {
        return aliases.move(name, alias, request.version(), request.expectedVersion());
    }

    @Operation(
            operationId = "rollBackAlias",
            summary = "Roll an alias back",
            description =
                    "Points it at the version at which it pointed before its last move. A rollout behind it ends.")
    @PostMapping("/{alias}/rollback")
    Alias rollBack(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @Parameter(description = EXPECTED) @RequestParam(name = "expected_version", required = false) @Nullable
                    Integer expectedVersion) {
        return aliases.rollBack(name, alias, expectedVersion);
    }

    @Operation(
            operationId = "removeAlias",
            summary = "Remove an alias",
            description = "Its history stays. A rollout behind it ends.")
    @DeleteMapping("/{alias}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @Parameter(description = EXPECTED) @RequestParam(name = "expected_version", required = false) @Nullable
                    Integer expectedVersion) {
        aliases.remove(name, alias, expectedVersion);
    }

    @Operation(
            operationId = "getAliasHistory",
            summary = "Get an alias' history",
            description = "Each of its moves, the latest first.")
    @GetMapping("/{alias}/history")
    AliasHistory history(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "production") @PathVariable String alias,
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    Long cursor) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_LIMIT + ", was " + limit);
        }
        List<Aliases.NumberedMove> moves =
                aliases.history(name, alias, cursor == null ? Long.MAX_VALUE : cursor, limit + 1);
        if (moves.isEmpty() && cursor == null) {
            throw ProblemException.notFound("alias", name + "/" + alias);
        }
        return new AliasHistory(
                moves.stream().limit(limit).map(Aliases.NumberedMove::move).toList(),
                moves.size() > limit ? String.valueOf(moves.get(limit - 1).id()) : null);
    }
}
