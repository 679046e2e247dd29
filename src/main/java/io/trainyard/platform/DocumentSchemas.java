package io.trainyard.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.providers.JavadocProvider;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of the OpenAPI document, as the JSON really is. Swagger's resolver makes them of our records; this one keeps in
 * mind of which, and adds what the other does not see:
 *
 * <ul>
 *   <li>a sealed type is one of its variants, each with its own constant in {@code type};
 *   <li>where a name may stand for an object ({@code "adam"}), it may in the document;
 *   <li>what is always there in an answer is required, and what no request may hold is no property of one;
 *   <li>descriptions are those of the Javadoc, unless an annotation has one.
 * </ul>
 */
// Swagger's own classes hold schemas of no type.
@SuppressWarnings({"rawtypes", "unchecked"})
final class DocumentSchemas extends ModelResolver {

    private static final String PREFIX = "#/components/schemas/";
    private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    /** Of which class each is. Static, as Swagger's list of resolvers is: of two services in one JVM, one's is asked for both. */
    private static final Map<String, Class<?>> CLASSES = new ConcurrentHashMap<>();

    private final JavadocProvider javadoc;

    DocumentSchemas(JavadocProvider javadoc) {
        // Jackson 2, which must name properties as our Jackson 3 does.
        super(new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING));
        this.javadoc = javadoc;
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        Class<?> raw = _mapper.constructType(type.getType()).getRawClass();
        if (raw == Object.class || JsonNode.class.isAssignableFrom(raw)) {
            return new Schema<>();
        }
        if (raw.isAnnotationPresent(JsonSubTypes.class)) {
            return unionOf(raw, context);
        }
        io.swagger.v3.oas.annotations.media.Schema said =
                raw.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        if (said != null && said.oneOf().length > 0) {
            return formsOf(raw, said, context);
        }
        Schema<?> schema = super.resolve(type, context, next);
        String name = schema == null ? null : schema.get$ref() == null ? schema.getName() : name(schema.get$ref());
        if (name != null && (raw.isRecord() || raw.isInterface())) {
            CLASSES.putIfAbsent(name, raw);
        }
        return schema;
    }

    /** A value of several forms: an integer or an array, a name or an object. */
    private static Schema<?> formsOf(
            Class<?> raw, io.swagger.v3.oas.annotations.media.Schema said, ModelConverterContext context) {
        String name = raw.getSimpleName();
        if (!context.getDefinedModels().containsKey(name)) {
            Schema<Object> schema = new Schema<>();
            schema.description(said.description());
            Object example = said.example();
            schema.example(said.example().matches("\\d+") ? Integer.valueOf(said.example()) : example);
            for (Class<?> form : said.oneOf()) {
                schema.addOneOfItem(form(form, context));
            }
            context.defineModel(name, schema, raw, null);
        }
        return new Schema<>().$ref(PREFIX + name);
    }

    private static Schema<?> form(Class<?> form, ModelConverterContext context) {
        if (form.isArray()) {
            Schema<Object> array = new Schema<>();
            array.setTypes(Set.of("array"));
            array.setItems(form(form.getComponentType(), context));
            return array;
        }
        return context.resolve(new AnnotatedType(form).resolveAsRef(true));
    }

    /** One of several types, told apart by the value of one property. */
    private Schema<?> unionOf(Class<?> raw, ModelConverterContext context) {
        String name = raw.getSimpleName();
        if (!context.getDefinedModels().containsKey(name)) {
            Schema<Object> union = new Schema<>();
            // Before its variants, which may hold it.
            context.defineModel(name, union, raw, null);
            CLASSES.put(name, raw);
            union.setDescription(said(raw));
            union.setDiscriminator(new Discriminator()
                    .propertyName(raw.getAnnotation(JsonTypeInfo.class).property()));
            for (JsonSubTypes.Type variant :
                    raw.getAnnotation(JsonSubTypes.class).value()) {
                String ref = Objects.requireNonNull(
                                context.resolve(new AnnotatedType(variant.value()).resolveAsRef(true)))
                        .get$ref();
                union.addOneOfItem(new Schema<>().$ref(ref));
                names(variant).forEach(constant -> union.getDiscriminator().mapping(constant, ref));
            }
        }
        return new Schema<>().$ref(PREFIX + name);
    }

    private static List<String> names(JsonSubTypes.Type variant) {
        return variant.name().isEmpty() ? List.of(variant.names()) : List.of(variant.name());
    }

    private static @Nullable String said(Class<?> raw) {
        io.swagger.v3.oas.annotations.media.Schema said =
                raw.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return said == null || said.description().isEmpty() ? null : said.description();
    }

    /** Puts right what is in the document. */
    void complete(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        new TreeMap<>(CLASSES).forEach((name, raw) -> {
            if (raw.isAnnotationPresent(JsonSubTypes.class) && schemas.containsKey(name)) {
                Discriminator discriminator = get(schemas, name).getDiscriminator();
                Map<String, List<String>> constants = new LinkedHashMap<>();
                discriminator.getMapping().forEach((constant, ref) -> constants
                        .computeIfAbsent(name(ref), key -> new ArrayList<>())
                        .add(constant));
                constants.forEach((variant, values) ->
                        schemas.put(variant, variant(get(schemas, variant), discriminator.getPropertyName(), values)));
            }
        });
        takeNames(schemas);
        schemas.values().forEach(schema -> visit(schema, DocumentSchemas::putRight));
        describe(schemas);
        requireWhatIsThere(document);
    }

    private static Schema<?> variant(Schema<?> schema, String property, List<String> constants) {
        Schema<Object> flat = new Schema<>();
        flat.setTypes(Set.of("object"));
        flat.setDescription(schema.getDescription());
        Schema<Object> type = new Schema<>();
        type.setTypes(Set.of("string"));
        type.setEnum(new ArrayList<>(constants));
        flat.addProperty(property, type);
        flat.addRequiredItem(property);
        List<Schema> parts = new ArrayList<>(schema.getAllOf() == null ? List.of() : schema.getAllOf());
        parts.add(schema);
        for (Schema<?> part : parts) {
            if (part.getProperties() != null) {
                part.getProperties().forEach((name, value) -> {
                    if (!name.equals(property)) {
                        flat.addProperty(name, value);
                    }
                });
            }
            if (part.getRequired() != null) {
                part.getRequired().stream()
                        .filter(name -> !flat.getRequired().contains(name))
                        .forEach(flat::addRequiredItem);
            }
        }
        return flat;
    }

    /** Where a variant's name stands for the variant with its defaults. */
    private void takeNames(Map<String, Schema> schemas) {
        CLASSES.forEach((name, raw) -> {
            Schema<?> schema = schemas.get(name);
            if (schema != null && raw.isRecord() && schema.getProperties() != null) {
                properties(raw).forEach((component, property) -> {
                    if (takesNames(component)) {
                        Schema<?> value = get(schema.getProperties(), property);
                        takeName(schemas, value.getItems() == null ? value : value.getItems());
                    }
                });
            }
        });
    }

    private static boolean takesNames(RecordComponent component) {
        return Arrays.stream(component.getAccessor().getAnnotations())
                .map(annotation ->
                        annotation.annotationType().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class))
                .anyMatch(said -> said != null && List.of(said.anyOf()).contains(String.class));
    }

    private static void takeName(Map<String, Schema> schemas, Schema<?> value) {
        String union = value.get$ref();
        Schema<Object> text = new Schema<>();
        text.addType("string");
        text.setEnum(new ArrayList<>(
                get(schemas, name(union)).getDiscriminator().getMapping().keySet()));
        value.set$ref(null);
        value.addOneOfItem(text);
        value.addOneOfItem(new Schema<>().$ref(union));
    }

    private static void putRight(Schema<?> schema) {
        // What may be any JSON is no object.
        if (Set.of("object").equals(schema.getTypes())
                && schema.getAdditionalProperties() == null
                && parts(schema).isEmpty()) {
            schema.setTypes(null);
            schema.setType(null);
        }
        // An object says that it is one: without that the page offers no field for each part of a body of several.
        if (schema.getProperties() != null && schema.getTypes() == null) {
            schema.addType("object");
        }
        // Swagger repeats the example of a whole as one, in a text, of each part.
        Schema<?> part = schema.getItems() != null
                ? schema.getItems()
                : schema.getAdditionalProperties() instanceof Schema<?> values ? values : null;
        if (part != null && schema.getExample() != null && part.getExample() instanceof String) {
            part.setExample(null);
            part.setExampleSetFlag(false);
        }
    }

    private void describe(Map<String, Schema> schemas) {
        schemas.forEach((name, schema) -> {
            Class<?> raw = CLASSES.get(name);
            if (raw == null) {
                return;
            }
            if (schema.getDescription() == null) {
                schema.setDescription(plain(javadoc.getClassJavadoc(raw)));
            }
            if (!raw.isRecord() || schema.getProperties() == null) {
                return;
            }
            Map<String, String> said = javadoc.getRecordClassParamJavadoc(raw);
            properties(raw).forEach((component, property) -> {
                Schema<?> value = (Schema<?>) schema.getProperties().get(property);
                if (value != null && value.getDescription() == null && said != null) {
                    value.setDescription(plain(said.get(component.getName())));
                }
            });
        });
    }

    private static @Nullable String plain(@Nullable String html) {
        return html == null || html.isBlank()
                ? null
                : html.replaceAll("</?code>", "`")
                        .replaceAll("<[^>]+>", "")
                        .replaceAll("\\{@link\\s+\\S*?(\\w+)(?:\\s+#?\\w+)?}", "`$1`")
                        .replaceAll("\\s+", " ")
                        .strip();
    }

    private static Map<RecordComponent, String> properties(Class<?> raw) {
        Map<RecordComponent, String> properties = new LinkedHashMap<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
            properties.put(
                    component,
                    named == null || named.value().isEmpty()
                            ? SNAKE_CASE.translate(component.getName())
                            : named.value());
        }
        return properties;
    }

    /** Components that cannot be null are in every answer, and a request's fields are all that it may have. */
    private void requireWhatIsThere(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        Set<String> requests = new LinkedHashSet<>();
        Set<String> answers = new LinkedHashSet<>();
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .forEach(operation -> {
                    if (operation.getRequestBody() != null) {
                        operation.getRequestBody().getContent().forEach((type, media) -> {
                            if (type.equals("application/json")) {
                                reach(schemas, media.getSchema(), requests);
                            } else {
                                // The parts of a body of several may be JSON.
                                Set<String> parts = new LinkedHashSet<>();
                                reach(schemas, media.getSchema(), parts);
                                parts.stream().skip(1).forEach(requests::add);
                            }
                        });
                    }
                    operation.getResponses().values().stream()
                            .filter(response -> response.getContent() != null)
                            .flatMap(response -> response.getContent().values().stream())
                            .forEach(media -> reach(schemas, media.getSchema(), answers));
                });
        answers.stream().filter(name -> !requests.contains(name)).forEach(name -> {
            Class<?> raw = CLASSES.get(name);
            Schema<?> schema = get(schemas, name);
            if (raw != null && raw.isRecord() && schema.getProperties() != null) {
                properties(raw).forEach((component, property) -> {
                    boolean required =
                            schema.getRequired() != null && schema.getRequired().contains(property);
                    if (!required
                            && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                            && schema.getProperties().containsKey(property)) {
                        schema.addRequiredItem(property);
                    }
                });
            }
        });
        requests.stream()
                .filter(name -> !answers.contains(name) && CLASSES.containsKey(name))
                .map(name -> get(schemas, name))
                .filter(schema -> schema.getProperties() != null)
                .forEach(schema -> schema.setAdditionalProperties(false));
    }

    private static void reach(Map<String, Schema> schemas, @Nullable Schema<?> from, Set<String> reached) {
        if (from == null) {
            return;
        }
        if (from.get$ref() != null && reached.add(name(from.get$ref()))) {
            reach(schemas, schemas.get(name(from.get$ref())), reached);
        }
        parts(from).forEach(part -> reach(schemas, part, reached));
    }

    private static void visit(Schema<?> schema, Consumer<Schema<?>> act) {
        act.accept(schema);
        parts(schema).forEach(part -> visit(part, act));
    }

    private static List<Schema<?>> parts(Schema<?> schema) {
        List<Schema<?>> parts = new ArrayList<>();
        Stream.of(schema.getOneOf(), schema.getAnyOf(), schema.getAllOf())
                .filter(Objects::nonNull)
                .forEach(some -> some.forEach(parts::add));
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(parts::add);
        }
        if (schema.getItems() != null) {
            parts.add(schema.getItems());
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            parts.add(values);
        }
        return parts;
    }

    private static Schema<?> get(Map<String, Schema> schemas, String name) {
        return Objects.requireNonNull(schemas.get(name), name);
    }

    private static String name(String ref) {
        return ref.substring(ref.lastIndexOf('/') + 1);
    }
}
