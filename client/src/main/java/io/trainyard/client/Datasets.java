package io.trainyard.client;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What networks are trained on. */
@HttpExchange("/api/v1/datasets")
public interface Datasets {

    /** A page of datasets, by name. */
    @GetExchange
    Page<Dataset> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /** All datasets, fetched page by page as the stream is read. */
    default Stream<Dataset> all() {
        return Page.all(cursor -> list(null, cursor));
    }

    @GetExchange("/{name}")
    Dataset get(@PathVariable String name);

    @GetExchange("/{name}/versions/{version}")
    DatasetVersion version(@PathVariable String name, @PathVariable int version);

    /** A page of rows; {@code split} is {@code train} or {@code test}. */
    @GetExchange("/{name}/versions/{version}/rows")
    RowPage rows(
            @PathVariable String name,
            @PathVariable int version,
            @RequestParam(required = false) @Nullable String split,
            @RequestParam(required = false) @Nullable Integer offset,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable Boolean images);

    @DeleteExchange("/{name}/versions/{version}")
    void deleteVersion(@PathVariable String name, @PathVariable int version);

    /** Adds a version: {@code parts} are {@code spec} and the files. */
    @PostExchange(url = "/{name}/versions", contentType = "multipart/form-data")
    DatasetVersion add(
            @PathVariable String name,
            @RequestBody MultiValueMap<String, HttpEntity<?>> parts,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey);

    /**
     * Adds a version, its files streamed.
     *
     * @param spec what the files are, such as {@code {"format": "csv", "label": "species"}}
     * @param files by the name of their part: {@code train} and {@code test} of CSV, {@code archive} of pictures
     */
    default DatasetVersion upload(String name, Map<String, ?> spec, Map<String, Path> files) {
        MultiValueMap<String, HttpEntity<?>> parts = new LinkedMultiValueMap<>();
        HttpHeaders json = new HttpHeaders();
        json.setContentType(MediaType.APPLICATION_JSON);
        parts.add("spec", new HttpEntity<>(spec, json));
        files.forEach((part, file) -> parts.add(part, new HttpEntity<>(new FileSystemResource(file))));
        return add(name, parts, null);
    }
}
