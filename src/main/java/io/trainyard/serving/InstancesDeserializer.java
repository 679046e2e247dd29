package io.trainyard.serving;

import io.trainyard.encoding.Instance;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Reads a list of instances, and stops where a small body would become a large heap. */
class InstancesDeserializer extends ValueDeserializer<List<Instance>> {

    /** Far above what {@code trainyard.serving.max-instances} is meant for. */
    private static final int MOST = 1_000_000;

    private final InstanceDeserializer instance = new InstanceDeserializer();

    @Override
    @SuppressWarnings("unchecked") // Jackson tells of the list's class only
    public List<Instance> deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return (List<Instance>) context.handleUnexpectedToken(context.constructType(List.class), parser);
        }
        List<Instance> instances = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (instances.size() == MOST) {
                throw new ProblemException(
                        ProblemType.PAYLOAD_TOO_LARGE, "The request holds more than " + MOST + " instances.");
            }
            try {
                instances.add(deserialize(context, parser));
            } catch (JacksonException fault) {
                throw DatabindException.wrapWithPath(
                        context, fault, new JacksonException.Reference(instances, instances.size()));
            }
        }
        return instances;
    }

    private Instance deserialize(DeserializationContext context, JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            InvalidFieldException missing = new InvalidFieldException("", "must not be null");
            throw ValueInstantiationException.from(
                    parser, missing.detail(), context.constructType(Instance.class), missing);
        }
        return instance.deserialize(parser, context);
    }
}
