package io.trainyard.serving;

import com.google.protobuf.ByteString;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.serving.protocol.OpenInferenceProto.InferParameter;
import io.trainyard.serving.protocol.OpenInferenceProto.InferTensorContents;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferResponse;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages of the protocol's gRPC form to requests and back. Tensors come as typed contents, or all as bytes, and go likewise. */
final class GrpcTensors {

    private static final String TIMEOUT = "timeout";
    private static final String CLASSIFICATION = "classification";
    /** Of an unsigned number of 64 bits, of which Java has none. */
    private static final float TWO_TO_64 = 0x1p64f;

    private GrpcTensors() {}

    /**
     * @param timeoutMicros that is left by the call's deadline; null for none
     * @throws InvalidFieldException where the message is not as the protocol says
     */
    static InferRequest request(ModelInferRequest message, @Nullable Long timeoutMicros) {
        boolean raw = message.getRawInputContentsCount() > 0;
        if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
            throw new InvalidFieldException(
                    "raw_input_contents",
                    "has " + message.getRawInputContentsCount() + " elements, but there are " + message.getInputsCount()
                            + " inputs");
        }
        List<InferRequest.RequestInput> inputs = new ArrayList<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            inputs.add(input(message.getInputs(i), raw ? message.getRawInputContents(i) : null, i));
        }
        Long timeout = smaller(number(message.getParametersMap(), TIMEOUT), timeoutMicros);
        return new InferRequest(
                message.getModelName(),
                message.getModelVersion().isEmpty() ? null : message.getModelVersion(),
                message.getId().isEmpty() ? null : message.getId(),
                new InferRequest.RequestParameters(raw, timeout),
                inputs,
                message.getOutputsList().stream().map(GrpcTensors::output).toList());
    }

    private static @Nullable Long smaller(@Nullable Long asked, @Nullable Long left) {
        // 0 asks for none.
        if (asked == null || asked == 0 || left == null) {
            return asked == null || asked == 0 ? left : asked;
        }
        return Math.min(asked, left);
    }

    private static InferRequest.RequestInput input(
            ModelInferRequest.InferInputTensor tensor, @Nullable ByteString raw, int index) {
        try {
            if (raw != null && tensor.hasContents()) {
                throw new InvalidFieldException("contents", "is given, and raw_input_contents too");
            }
            TensorType type = type(tensor.getDatatype());
            TensorData data = raw == null
                    ? data(type, tensor.getContents())
                    : TensorData.of(type, raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
            return new InferRequest.RequestInput(tensor.getName(), tensor.getShapeList(), type, null, data);
        } catch (InvalidFieldException invalid) {
            String field = invalid.field().isEmpty() ? "" : "/" + invalid.field();
            throw new InvalidFieldException("inputs/" + index + field, invalid.detail());
        }
    }

    private static TensorType type(String name) {
        return Arrays.stream(TensorType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidFieldException(
                        "datatype", "must be one of " + Arrays.toString(TensorType.values()) + ", was '" + name + "'"));
    }

    private static TensorData data(TensorType type, InferTensorContents contents) {
        return switch (type) {
            case BYTES ->
                new TensorData.Texts(contents.getBytesContentsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList());
            case BOOL -> numbers(contents.getBoolContentsCount(), i -> contents.getBoolContents(i) ? 1 : 0);
            case INT8, INT16, INT32 -> numbers(contents.getIntContentsCount(), contents::getIntContents);
            case UINT8, UINT16, UINT32 ->
                numbers(contents.getUintContentsCount(), i -> Integer.toUnsignedLong(contents.getUintContents(i)));
            case INT64 -> numbers(contents.getInt64ContentsCount(), contents::getInt64Contents);
            case UINT64 -> numbers(contents.getUint64ContentsCount(), i -> unsigned(contents.getUint64Contents(i)));
            case FP32 -> numbers(contents.getFp32ContentsCount(), contents::getFp32Contents);
            case FP64 -> numbers(contents.getFp64ContentsCount(), i -> (float) contents.getFp64Contents(i));
            case FP16 ->
                throw new InvalidFieldException("datatype", "FP16 has no typed contents: send raw_input_contents");
        };
    }

    private static float unsigned(long bits) {
        return bits >= 0 ? bits : bits + TWO_TO_64;
    }

    /** The element at an index. */
    @FunctionalInterface
    private interface Element {
        float at(int index);
    }

    private static TensorData numbers(int count, Element element) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = element.at(i);
        }
        return new TensorData.Numbers(values);
    }

    private static InferRequest.RequestOutput output(ModelInferRequest.InferRequestedOutputTensor output) {
        Long classes = number(output.getParametersMap(), CLASSIFICATION);
        return new InferRequest.RequestOutput(
                output.getName(),
                new InferRequest.RequestOutputParameters(
                        null, classes == null ? null : (int) Math.min(classes, Integer.MAX_VALUE)));
    }

    private static @Nullable Long number(Map<String, InferParameter> parameters, String name) {
        InferParameter parameter = parameters.get(name);
        if (parameter == null) {
            return null;
        }
        return switch (parameter.getParameterChoiceCase()) {
            case INT64_PARAM -> parameter.getInt64Param();
            case UINT64_PARAM -> parameter.getUint64Param();
            default -> throw new InvalidFieldException("parameters/" + name, "must be an integer");
        };
    }

    static ModelInferResponse response(InferResponse response) {
        ModelInferResponse.Builder message = ModelInferResponse.newBuilder()
                .setModelName(response.modelName())
                .setModelVersion(response.modelVersion())
                .setId(response.id() == null ? "" : response.id());
        Timing timing = response.parameters();
        message.putParameters("queue_ms", number(timing.queueMs()));
        message.putParameters("batch_ms", number(timing.batchMs()));
        message.putParameters("compute_ms", number(timing.computeMs()));
        message.putParameters(
                "batch_size",
                InferParameter.newBuilder().setInt64Param(timing.batchSize()).build());
        for (InferResponse.ResponseOutput output : response.outputs()) {
            ModelInferResponse.InferOutputTensor.Builder tensor = ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName(output.name())
                    .setDatatype(output.datatype().name());
            output.shape().forEach(tensor::addShape);
            if (output.bytes() != null) {
                message.addRawOutputContents(ByteString.copyFrom(output.bytes()));
            } else if (output.data() != null) {
                tensor.setContents(contents(output.data()));
            }
            message.addOutputs(tensor);
        }
        return message.build();
    }

    private static InferParameter number(double value) {
        return InferParameter.newBuilder().setDoubleParam(value).build();
    }

    /**
     * @param data numbers, or texts
     */
    private static InferTensorContents contents(Object data) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        if (data instanceof float[] numbers) {
            for (float number : numbers) {
                contents.addFp32Contents(number);
            }
        } else {
            ((List<?>) data).forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8((String) text)));
        }
        return contents.build();
    }
}
