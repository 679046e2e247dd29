package io.trainyard.serving;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes the bodies of the Open Inference Protocol with its binary tensor data extension: a JSON object, whose
 * length is in the header {@code Inference-Header-Content-Length}, and behind it the bytes of the tensors, in their order.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md.
 */
@Component
@Profile("api")
class InferConverter extends AbstractHttpMessageConverter<Object> {

    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private final JsonMapper json;

    /** Clients of the protocol send any type, or none. */
    InferConverter(JsonMapper json) {
        super(MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM, MediaType.ALL);
        this.json = json;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == InferRequest.class || type == InferResponse.class;
    }

    @Override
    protected Object readInternal(Class<?> type, HttpInputMessage message) throws IOException {
        String length = message.getHeaders().getFirst(JSON_LENGTH);
        try {
            return length == null
                    ? json.readValue(message.getBody(), InferRequest.class)
                    : withTensors(jsonLength(length), message.getBody());
        } catch (JacksonException | ProblemException fault) {
            throw new HttpMessageNotReadableException("not an inference request", fault, message);
        }
    }

    private static int jsonLength(String header) {
        try {
            int length = Integer.parseInt(header);
            if (length > 0) {
                return length;
            }
        } catch (NumberFormatException notANumber) {
            // falls through to the one message for both
        }
        throw new ProblemException(
                ProblemType.MALFORMED_REQUEST,
                JSON_LENGTH + " must be the length of the JSON object in bytes, was '" + header + "'.");
    }

    private InferRequest withTensors(int jsonLength, InputStream body) throws IOException {
        byte[] header = body.readNBytes(jsonLength);
        if (header.length < jsonLength) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST,
                    "The body has " + header.length + " bytes, but " + JSON_LENGTH + " is " + jsonLength + ".");
        }
        InferRequest request = json.readValue(header, InferRequest.class);
        if (request == null) {
            throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The body must be a JSON object, not null.");
        }
        List<InferRequest.RequestInput> inputs = new ArrayList<>();
        for (int i = 0; i < request.inputs().size(); i++) {
            inputs.add(withTensor(request.inputs().get(i), i, body));
        }
        if (body.read() >= 0) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST, "The body goes on behind the bytes of its last tensor.");
        }
        return request.withInputs(inputs);
    }

    private static InferRequest.RequestInput withTensor(InferRequest.RequestInput input, int index, InputStream body)
            throws IOException {
        Long size = input.parameters() == null ? null : input.parameters().binaryDataSize();
        if (size == null) {
            return input;
        }
        String pointer = FieldError.pointer("/inputs", index);
        try {
            // What there is bounds what is allocated, not what is announced.
            byte[] bytes = size < 0 || size > Integer.MAX_VALUE ? new byte[0] : body.readNBytes(size.intValue());
            if (bytes.length != size) {
                throw new InvalidFieldException(
                        "parameters/binary_data_size", "is " + size + ", but there are " + bytes.length + " bytes");
            }
            return input.withData(
                    TensorData.of(input.datatype(), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));
        } catch (InvalidFieldException invalid) {
            String at = pointer + "/" + (invalid.field().isEmpty() ? "parameters/binary_data_size" : invalid.field());
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    at + ": " + invalid.detail(),
                    List.of(new FieldError(at, invalid.detail())));
        }
    }

    @Override
    protected void addDefaultHeaders(HttpHeaders headers, Object value, @Nullable MediaType accepted)
            throws IOException {
        headers.setContentType(isBinary(value) ? MediaType.APPLICATION_OCTET_STREAM : MediaType.APPLICATION_JSON);
        super.addDefaultHeaders(headers, value, accepted);
    }

    @Override
    protected void writeInternal(Object value, HttpOutputMessage message) throws IOException {
        byte[] header = json.writeValueAsBytes(value);
        if (isBinary(value)) {
            message.getHeaders().set(JSON_LENGTH, String.valueOf(header.length));
        }
        message.getBody().write(header);
        for (byte[] bytes : tensors(value)) {
            message.getBody().write(bytes);
        }
    }

    private static boolean isBinary(Object value) {
        return !tensors(value).isEmpty();
    }

    private static List<byte[]> tensors(Object value) {
        return ((InferResponse) value)
                .outputs().stream()
                        .map(InferResponse.ResponseOutput::bytes)
                        .filter(Objects::nonNull)
                        .toList();
    }
}
