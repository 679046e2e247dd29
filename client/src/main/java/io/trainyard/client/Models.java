package io.trainyard.client;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Models, their versions and aliases. */
@HttpExchange("/api/v1/models")
public interface Models {

    /** A page of models, by name. */
    @GetExchange
    Page<Model> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /** All models, fetched page by page as the stream is read. */
    default Stream<Model> all() {
        return Page.all(cursor -> list(null, cursor));
    }

    @GetExchange("/{name}")
    Model get(@PathVariable String name);

    @GetExchange("/{name}/versions/{version}")
    ModelVersion version(@PathVariable String name, @PathVariable int version);

    @DeleteExchange("/{name}/versions/{version}")
    void deleteVersion(@PathVariable String name, @PathVariable int version);

    @GetExchange("/{name}/aliases/{alias}")
    Alias alias(@PathVariable String name, @PathVariable String alias);

    /** Points an alias at a version; with an expected version, only if it still points there. */
    @PutExchange("/{name}/aliases/{alias}")
    Alias moveAlias(@PathVariable String name, @PathVariable String alias, @RequestBody AliasRequest request);

    /** Points an alias at a version, wherever it pointed. */
    default Alias moveAlias(String name, String alias, int version) {
        return moveAlias(name, alias, new AliasRequest(version, null));
    }
}
