package io.trainyard.serving;

import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An inference request of the Open Inference Protocol. Parameters that are not known here are passed over, since the
 * protocol leaves them open.
 *
 * @param modelName some clients repeat what the address says
 * @param modelVersion likewise
 * @param id which the answer repeats
 * @param outputs all, as JSON, where none are named
 */
record InferRequest(
        @Nullable String modelName,
        @Nullable String modelVersion,
        @Schema(example = "42") @Nullable String id,
        @Nullable RequestParameters parameters,
        List<RequestInput> inputs,
        @Nullable List<RequestOutput> outputs) {

    /** A day, in microseconds. */
    private static final long MAX_TIMEOUT = 86_400_000_000L;

    /**
     * @param binaryDataOutput whether outputs come as bytes, unless they say otherwise
     * @param timeout after which the request is given up, in microseconds
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RequestParameters(
            @Nullable Boolean binaryDataOutput, @Nullable Long timeout) {

        RequestParameters {
            if (timeout != null && (timeout < 0 || timeout > MAX_TIMEOUT)) {
                throw new InvalidFieldException(
                        "timeout", "must be from 0 to " + MAX_TIMEOUT + " microseconds, was " + timeout);
            }
        }
    }

    /**
     * An input tensor; its first dimension counts rows.
     *
     * @param data flat or nested; left out where it comes as bytes
     */
    record RequestInput(
            @Schema(example = "input") String name,

            @ArraySchema(arraySchema = @Schema(example = "[2, 4]"), schema = @Schema(implementation = Long.class))
            List<Long> shape,

            @Schema(example = "FP32") TensorType datatype,
            @Nullable RequestInputParameters parameters,

            @ArraySchema(
                    arraySchema = @Schema(example = "[5.1, 3.5, 1.4, 0.2, 6.8, 3.0, 6.0, 2.3]"),
                    schema = @Schema(implementation = Object.class))
            @Nullable
            TensorData data) {

        RequestInput {
            required("name", name);
            required("datatype", datatype);
            required("shape", shape);
            if (shape.isEmpty()
                    || shape.stream().anyMatch(size -> size == null || size < 1 || size > Integer.MAX_VALUE)) {
                throw new InvalidFieldException("shape", "must be sizes from 1 on, rows first, was " + shape);
            }
            if (data != null && parameters != null && parameters.binaryDataSize() != null) {
                throw new InvalidFieldException("data", "is given, and binary_data_size too");
            }
            if (data != null) {
                checkCount(shape, data, "data");
            }
        }

        /** The same with data that came as bytes. */
        RequestInput withData(TensorData data) {
            checkCount(shape, data, "parameters/binary_data_size");
            return new RequestInput(name, shape, datatype, null, data);
        }

        TensorData elements() {
            return required("data", data);
        }

        int rows() {
            return Math.toIntExact(shape.get(0));
        }

        private static void checkCount(List<Long> shape, TensorData data, String field) {
            // As a double it cannot overflow.
            double count = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
            if (count != data.count()) {
                throw new InvalidFieldException(field, "has " + data.count() + " elements, but the shape is " + shape);
            }
        }
    }

    /**
     * @param binaryDataSize bytes of the tensor behind the JSON object
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RequestInputParameters(@Nullable Long binaryDataSize) {}

    /** An output tensor that is asked for. */
    record RequestOutput(
            @Schema(example = "output") String name,
            @Nullable RequestOutputParameters parameters) {

        RequestOutput {
            required("name", name);
        }

        /** Whether it is to come as bytes, where it says so. */
        @Nullable
        Boolean binaryData() {
            return parameters == null ? null : parameters.binaryData();
        }

        /** How many classes are asked for; 0 for all values. */
        int classification() {
            return parameters == null ? 0 : requireNonNullElse(parameters.classification(), 0);
        }
    }

    /**
     * @param binaryData whether it comes as bytes
     * @param classification how many of the most probable classes to name, instead of all probabilities
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RequestOutputParameters(
            @Nullable Boolean binaryData,
            @Schema(example = "3") @Nullable Integer classification) {

        RequestOutputParameters {
            if (classification != null && classification < 0) {
                throw new InvalidFieldException("classification", "must not be negative, was " + classification);
            }
        }
    }

    InferRequest {
        required("inputs", inputs);
        if (inputs.isEmpty() || inputs.stream().anyMatch(Objects::isNull)) {
            throw new InvalidFieldException("inputs", "must hold at least one tensor, and no null");
        }
        Set<String> names = new HashSet<>();
        for (RequestInput input : inputs) {
            if (!names.add(input.name())) {
                throw new InvalidFieldException("inputs", "holds '" + input.name() + "' twice");
            }
        }
        if (outputs != null && outputs.stream().anyMatch(Objects::isNull)) {
            throw new InvalidFieldException("outputs", "must hold no null");
        }
        if (outputs != null
                && outputs.stream().map(RequestOutput::name).distinct().count() < outputs.size()) {
            throw new InvalidFieldException("outputs", "must name each output once");
        }
    }

    /** Whether outputs come as bytes, unless they say otherwise. */
    boolean binaryDataOutput() {
        return parameters != null && requireNonNullElse(parameters.binaryDataOutput(), false);
    }

    /** The time after which the request is given up; null for the service's own. */
    @Nullable
    Duration timeout() {
        Long micros = parameters == null ? null : parameters.timeout();
        return micros == null || micros == 0 ? null : Duration.of(micros, ChronoUnit.MICROS);
    }

    InferRequest withInputs(List<RequestInput> inputs) {
        return new InferRequest(modelName, modelVersion, id, parameters, inputs, outputs);
    }
}
