package io.trainyard.platform;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import io.trainyard.problem.ProblemType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.providers.JavadocProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The OpenAPI document: its introduction, the order of its parts, and the problems that every operation can answer. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
class OpenApiConfiguration {

    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String PROBLEM = "Problem";
    private static final String PROTOCOL_ERROR = "ProtocolError";
    private static final Pattern PREDICTION = Pattern.compile("predict$|/infer$");

    @Bean
    OpenAPI document(BuildProperties build) {
        return new OpenAPI()
                .servers(List.of(new Server().url("/").description("This service.")))
                .info(new Info().title("Trainyard").version(build.getVersion()).description("""
                                Train neural networks and serve them: post a job, watch its curves, call `/predict`.

                                Names and parameters are those of Keras; shapes are channels-last, without the batch \
                                dimension. Errors are `application/problem+json` (RFC 9457); `errors` points at each \
                                field at fault. An unknown field in a request is an error, never ignored; answers may \
                                come to have more fields. Every answer bears `X-Request-Id`: the caller's, if it sent \
                                one. Lists are pages: `next_cursor`, if there is one, is the next page's `cursor`."""))
                .components(new Components()
                        .addSecuritySchemes(
                                "key",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, or a token of the OAuth 2 server that is set; where"
                                                + " trainyard.security.authentication is none, nothing.")))
                .addSecurityItem(new SecurityRequirement().addList("key"))
                .tags(List.of(
                        new Tag()
                                .name("Jobs")
                                .description("Trainings from submission to published version, and jobs of every kind."),
                        new Tag().name("Prediction").description("Ask a model version."),
                        new Tag().name("Batch prediction").description("Jobs that ask it about a whole dataset."),
                        new Tag()
                                .name("Models")
                                .description("Models, their immutable versions, and how good they are."),
                        new Tag()
                                .name("Rollouts")
                                .description("A candidate version behind an alias, as shadow or as canary."),
                        new Tag().name("Datasets").description("What networks are trained on."),
                        new Tag()
                                .name("Workers")
                                .description("The processes that run jobs, and the devices they run them on."),
                        new Tag()
                                .name("Open Inference Protocol")
                                .description("Version 2, as KServe, Triton and MLServer speak it."),
                        new Tag().name("TensorFlow Serving").description("Its REST API."),
                        new Tag().name("Administration").description("Whether the database and the files agree."),
                        new Tag().name("Keys").description("Who may call: API keys and their roles."),
                        new Tag().name("Audit").description("Who has changed what, and who was refused."),
                        new Tag().name("Problems").description("Every kind of error.")));
    }

    @Bean
    DocumentSchemas documentSchemas(JavadocProvider javadoc) {
        return new DocumentSchemas(javadoc);
    }

    @Bean
    OpenApiCustomizer completeDocument(DocumentSchemas schemas) {
        return document -> {
            schemas.complete(document);
            DocumentParameters.complete(document);
            Components components = document.getComponents();
            components.addSchemas("Problem", problemSchema());
            components.addSchemas(
                    "ProtocolError",
                    new ObjectSchema()
                            .description("An error of the Open Inference Protocol and of TensorFlow Serving.")
                            .addProperty("error", new StringSchema()));
            Set<String> needed = new TreeSet<>();
            document.getPaths().forEach((path, item) -> item.readOperationsMap()
                    .forEach((method, operation) -> needed.addAll(addProblems(path, method, operation))));
            for (int status : statuses()) {
                if (needed.contains(PROBLEM + status)) {
                    components.addResponses(PROBLEM + status, problemResponse(status));
                }
                if (needed.contains(PROTOCOL_ERROR + status)) {
                    components.addResponses(PROTOCOL_ERROR + status, protocolResponse(status));
                }
            }
        };
    }

    /** @return the names of the responses that it refers to */
    private static List<String> addProblems(String path, PathItem.HttpMethod method, Operation operation) {
        boolean body = operation.getRequestBody() != null;
        boolean open =
                operation.getSecurity() != null && operation.getSecurity().isEmpty();
        List<Integer> statuses = new ArrayList<>(List.of(400, 429, 500, 503));
        if (!open) {
            statuses.addAll(List.of(401, 403));
        }
        if (path.contains("{") || body) {
            statuses.add(404);
        }
        if (method != PathItem.HttpMethod.GET) {
            statuses.add(409);
        }
        if (body || operation.getParameters() != null) {
            statuses.add(422);
        }
        if (body) {
            statuses.addAll(List.of(408, 413, 415));
            if (operation.getRequestBody().getContent().containsKey("multipart/form-data")) {
                statuses.add(507);
            }
        }
        if (PREDICTION.matcher(path).find()) {
            statuses.add(504);
        }
        // The other protocols have a form of their own for errors.
        String form = path.startsWith("/v1/") || path.startsWith("/v2") ? PROTOCOL_ERROR : PROBLEM;
        List<String> names = new ArrayList<>();
        for (int status : new TreeSet<>(statuses)) {
            names.add(form + status);
            operation
                    .getResponses()
                    .addApiResponse(
                            String.valueOf(status), new ApiResponse().$ref("#/components/responses/" + form + status));
        }
        return names;
    }

    private static Set<Integer> statuses() {
        Set<Integer> statuses = new TreeSet<>();
        Arrays.stream(ProblemType.values())
                .forEach(type -> statuses.add(type.status().value()));
        return statuses;
    }

    private static ApiResponse protocolResponse(int status) {
        MediaType media = new MediaType().schema(new Schema<>().$ref("#/components/schemas/ProtocolError"));
        return retry(
                status,
                new ApiResponse()
                        .description(titles(status))
                        .content(new Content().addMediaType("application/json", media)));
    }

    private static String titles(int status) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.status().value() == status)
                .map(ProblemType::title)
                .collect(Collectors.joining("; "));
    }

    private static ApiResponse problemResponse(int status) {
        MediaType media = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        for (ProblemType type : ProblemType.values()) {
            if (type.status().value() == status) {
                media.addExamples(
                        type.slug(), new Example().summary(type.description()).value(example(type)));
            }
        }
        ApiResponse response =
                new ApiResponse().description(titles(status)).content(new Content().addMediaType(PROBLEM_JSON, media));
        return retry(status, response);
    }

    private static ApiResponse retry(int status, ApiResponse response) {
        return status == 429 || status == 503
                ? response.addHeaderObject(
                        "Retry-After",
                        new Header()
                                .description("Seconds to wait.")
                                .schema(new IntegerSchema().minimum(BigDecimal.ONE)))
                : response;
    }

    private static Map<String, Object> example(ProblemType type) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", type.uri().toString());
        example.put("title", type.title());
        example.put("status", type.status().value());
        example.put("detail", type.description());
        example.put("instance", "/api/v1/jobs");
        return example;
    }

    private static Schema<?> problemSchema() {
        Schema<?> error = new ObjectSchema()
                .description("A fault of one field.")
                .addProperty("pointer", new StringSchema().description("RFC 6901 JSON pointer into the request."))
                .addProperty("detail", new StringSchema());
        error.setRequired(List.of("pointer", "detail"));
        Schema<?> problem = new ObjectSchema()
                .description("RFC 9457 problem details.")
                .addProperty("type", new StringSchema().format("uri-reference"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("instance", new StringSchema().format("uri-reference"))
                .addProperty("errors", new ArraySchema().items(error));
        problem.setRequired(List.of("type", "title", "status"));
        return problem;
    }
}
