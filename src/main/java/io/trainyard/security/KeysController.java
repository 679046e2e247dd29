package io.trainyard.security;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Actor;
import io.trainyard.problem.InvalidFieldException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/keys")
@Tag(name = "Keys")
class KeysController {

    private static final int MOST = 500;

    private final Keys keys;
    private final KnownCredentials known;

    KeysController(Keys keys, KnownCredentials known) {
        this.keys = keys;
        this.known = known;
    }

    /** A page of keys. */
    record KeyPage(List<KeyView> items, @Nullable String nextCursor) {}

    @Operation(
            operationId = "listKeys",
            summary = "List keys",
            description = "Newest first, revoked and expired ones too; of none its secret, which is not kept.")
    @GetMapping
    KeyPage list(
            @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "The `next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MOST + ", was " + limit);
        }
        List<KeyView> found = keys.page(cursor, limit + 1);
        return new KeyPage(
                found.stream().limit(limit).toList(),
                found.size() > limit ? found.get(limit - 1).id().toString() : null);
    }

    @Operation(
            operationId = "createKey",
            summary = "Make a key",
            description =
                    "`key` in the answer is the only time that it is told: what is kept is its SHA-256. Send it as"
                            + " `Authorization: Bearer ty_…`.")
    @ApiResponse(responseCode = "201", description = "The key can be used at once.")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<KeyView> create(@RequestBody KeySpec spec, @Parameter(hidden = true) Actor actor) {
        KeyView key = keys.create(spec, actor.name());
        return ResponseEntity.created(URI.create("/api/v1/keys/" + key.id()))
                .cacheControl(CacheControl.noStore())
                .body(key);
    }

    @Operation(
            operationId = "revokeKey",
            summary = "Revoke a key",
            description =
                    "Within 5 seconds no API process lets it in, nor a browser that was shown it; open streams end."
                            + " It stays in the list. Can be called again.")
    @DeleteMapping("/{id}")
    KeyView revoke(@Parameter(example = "00000000-0000-0000-0000-000000000002") @PathVariable UUID id) {
        KeyView revoked = keys.revoke(id);
        known.refresh();
        return revoked;
    }
}
