package io.trainyard.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.swagger.v3.core.jackson.ModelResolver;
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
import io.swagger.v3.oas.models.tags.Tag;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document: its introduction, the order of its parts, and the problems that every operation can answer. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
class OpenApiConfiguration {

    private static final String PROBLEM_JSON = "application/problem+json";

    @Bean
    OpenAPI document() {
        return new OpenAPI()
                .info(new Info().title("Trainyard").version("1").description("""
                                Train neural networks and serve them: post a job, watch its curves, call `/predict`.

                                Names and parameters are those of Keras; shapes are channels-last, without the batch \
                                dimension. Errors are `application/problem+json` (RFC 9457); `errors` points at each \
                                field at fault. An unknown field is an error, never ignored."""))
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
                        new Tag().name("Devices").description("What networks are trained with."),
                        new Tag().name("Keys").description("Who may call: API keys and their roles."),
                        new Tag().name("Audit").description("Who has changed what, and who was refused."),
                        new Tag().name("Problems").description("Every kind of error.")));
    }

    /**
     * The document's schemas are made by Jackson 2, which must name properties as our Jackson 3 does, and must not take a
     * tree of Jackson 3 for a bean.
     */
    @Bean
    ModelResolver modelResolver() {
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
        return new ModelResolver(new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING));
    }

    @Bean
    OpenApiCustomizer problemAnswers() {
        return document -> {
            Components components = document.getComponents();
            components.getSchemas().values().forEach(OpenApiConfiguration::say);
            components.addSchemas("Problem", problemSchema());
            components.addSchemas(
                    "ProtocolError",
                    new ObjectSchema()
                            .description("An error of the Open Inference Protocol and of TensorFlow Serving.")
                            .addProperty("error", new StringSchema()));
            for (int status : statuses()) {
                components.addResponses("Problem" + status, problemResponse(status));
                components.addResponses("ProtocolError" + status, protocolResponse(status));
            }
            document.getPaths().forEach((path, item) -> item.readOperationsMap()
                    .forEach((method, operation) -> addProblems(path, method, operation)));
        };
    }

    /** An object says that it is one: without that the page offers no field for each part of a body of several. */
    private static void say(Schema<?> schema) {
        if (schema.getProperties() != null && schema.getTypes() == null) {
            schema.addType("object");
        }
    }

    private static void addProblems(String path, PathItem.HttpMethod method, Operation operation) {
        List<Integer> statuses = new ArrayList<>(List.of(400, 401, 403, 429, 500, 503));
        if (path.contains("{") || operation.getRequestBody() != null) {
            statuses.add(404);
        }
        if (method == PathItem.HttpMethod.POST) {
            statuses.addAll(List.of(409, 422));
        }
        if (operation.getRequestBody() != null) {
            statuses.addAll(List.of(408, 413, 415));
        }
        // The other protocols have a form of their own for errors.
        String form = path.startsWith("/v1/") || path.startsWith("/v2") ? "ProtocolError" : "Problem";
        for (int status : new TreeSet<>(statuses)) {
            operation
                    .getResponses()
                    .addApiResponse(
                            String.valueOf(status), new ApiResponse().$ref("#/components/responses/" + form + status));
        }
    }

    private static Set<Integer> statuses() {
        Set<Integer> statuses = new TreeSet<>();
        Arrays.stream(ProblemType.values())
                .forEach(type -> statuses.add(type.status().value()));
        return statuses;
    }

    private static ApiResponse protocolResponse(int status) {
        MediaType media = new MediaType().schema(new Schema<>().$ref("#/components/schemas/ProtocolError"));
        return new ApiResponse()
                .description(titles(status))
                .content(new Content().addMediaType("application/json", media));
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
        if (status == 429 || status == 503) {
            response.addHeaderObject(
                    "Retry-After", new Header().description("Seconds to wait.").schema(new IntegerSchema()));
        }
        return response;
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
                .addProperty("pointer", new StringSchema().description("RFC 6901 JSON pointer into the request."))
                .addProperty("detail", new StringSchema());
        return new ObjectSchema()
                .description("RFC 9457 problem details.")
                .addProperty("type", new StringSchema().format("uri-reference"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("instance", new StringSchema().format("uri-reference"))
                .addProperty("errors", new ArraySchema().items(error));
    }
}
