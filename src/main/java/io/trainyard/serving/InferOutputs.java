package io.trainyard.serving;

import static java.util.Objects.requireNonNullElse;

import io.trainyard.encoding.Ranking;
import io.trainyard.encoding.Target;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The one output of a model, in each form that the Open Inference Protocol's clients may ask for. */
final class InferOutputs {

    static final String OUTPUT = "output";

    private final List<InferRequest.RequestOutput> asked;
    private final boolean binary;

    /**
     * @throws ProblemException INVALID_REQUEST when another output is asked for, or classes of a model that has none
     */
    InferOutputs(InferRequest request, Target target) {
        asked = request.outputs() == null || request.outputs().isEmpty()
                ? List.of(new InferRequest.RequestOutput(OUTPUT, null))
                : request.outputs();
        binary = request.binaryDataOutput();
        for (int i = 0; i < asked.size(); i++) {
            if (!asked.get(i).name().equals(OUTPUT)) {
                throw invalid(i, "name", "is not an output of the model, whose only one is '" + OUTPUT + "'");
            }
            if (asked.get(i).classification() > 0 && target.classes().isEmpty()) {
                throw invalid(i, "parameters/classification", "is asked of a model that tells a number");
            }
        }
    }

    /** The outputs' signature. */
    static List<ModelMetadata.Tensor> signature(Target target) {
        return List.of(new ModelMetadata.Tensor(OUTPUT, TensorType.FP32, List.of(-1, target.answers())));
    }

    /**
     * @param values [rows × answers]
     */
    List<InferResponse.ResponseOutput> of(float[] values, Target target) {
        List<InferResponse.ResponseOutput> outputs = new ArrayList<>();
        for (InferRequest.RequestOutput output : asked) {
            boolean bytes = requireNonNullElse(output.binaryData(), binary);
            // As many as there are, as Triton does.
            int classes = Math.min(output.classification(), target.classes().size());
            outputs.add(classes == 0 ? numbers(values, target, bytes) : classes(values, target, classes, bytes));
        }
        return outputs;
    }

    private static InferResponse.ResponseOutput numbers(float[] values, Target target, boolean binary) {
        List<Integer> shape = List.of(values.length / target.answers(), target.answers());
        if (!binary) {
            return new InferResponse.ResponseOutput(OUTPUT, TensorType.FP32, shape, null, values, null);
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return binary(TensorType.FP32, shape, bytes.array());
    }

    /** Texts of the form {@code value:index:label}. */
    private static InferResponse.ResponseOutput classes(float[] values, Target target, int count, boolean binary) {
        int answers = target.answers();
        List<String> texts = new ArrayList<>();
        for (int offset = 0; offset < values.length; offset += answers) {
            for (int index : Ranking.best(values, offset, answers, count)) {
                texts.add(values[offset + index] + ":" + index + ":"
                        + target.classes().get(index));
            }
        }
        List<Integer> shape = List.of(values.length / answers, count);
        if (!binary) {
            return new InferResponse.ResponseOutput(OUTPUT, TensorType.BYTES, shape, null, texts, null);
        }
        List<byte[]> encoded = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        ByteBuffer bytes = ByteBuffer.allocate(encoded.stream()
                        .mapToInt(text -> Integer.BYTES + text.length)
                        .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        encoded.forEach(text -> bytes.putInt(text.length).put(text));
        return binary(TensorType.BYTES, shape, bytes.array());
    }

    private static InferResponse.ResponseOutput binary(TensorType type, List<Integer> shape, byte[] bytes) {
        return new InferResponse.ResponseOutput(
                OUTPUT, type, shape, new InferResponse.ResponseOutputParameters(bytes.length), null, bytes);
    }

    private static ProblemException invalid(int output, String field, String detail) {
        FieldError error = new FieldError("/outputs/" + output + "/" + field, detail);
        return new ProblemException(ProblemType.INVALID_REQUEST, error.pointer() + ": " + detail, List.of(error));
    }
}
