package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.trainyard.problem.InvalidFieldException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.util.TokenBuffer;

/** Reads {@code "name"} as {@code {"type": "name"}}. */
final class NameOrObjectDeserializer extends ValueDeserializer<Object> {

    private final @Nullable JavaType type;

    NameOrObjectDeserializer() {
        this(null);
    }

    private NameOrObjectDeserializer(@Nullable JavaType type) {
        this.type = type;
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
        return new NameOrObjectDeserializer(context.getContextualType());
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        JavaType target = Objects.requireNonNull(type);
        TypeDeserializer byType = context.findTypeDeserializer(target);
        ValueDeserializer<Object> deserializer = context.findNonContextualValueDeserializer(target);
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return deserializer.deserializeWithType(parser, context, byType);
        }
        TokenBuffer object = context.bufferForInputBuffering(parser);
        object.writeStartObject();
        object.writeStringProperty("type", parser.getString());
        object.writeEndObject();
        try (JsonParser buffered = object.asParserOnFirstToken(context)) {
            return deserializer.deserializeWithType(buffered, context, byType);
        } catch (InvalidTypeIdException unknown) {
            String detail = "'" + unknown.getTypeId() + "' is not one of " + names(target.getRawClass());
            throw ValueInstantiationException.from(parser, detail, target, new InvalidFieldException("", detail));
        }
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getAnnotation(JsonSubTypes.class).value())
                .flatMap(each -> each.name().isEmpty() ? Arrays.stream(each.names()) : Stream.of(each.name()))
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer byType) {
        return deserialize(parser, context);
    }
}
