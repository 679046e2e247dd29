package io.trainyard.serving;

import io.trainyard.encoding.CategoricalColumn;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The input tensors of the Open Inference Protocol as raw rows. A model takes one tensor, {@code input}; one of a table also
 * takes a tensor for each column.
 */
final class TensorRows {

    static final String INPUT = "input";

    private TensorRows() {}

    /** The inputs that a model asks for. */
    static List<ModelMetadata.Tensor> signature(Encoding encoding) {
        if (encoding instanceof ColumnEncoding table) {
            return table.columns().stream()
                    .map(column -> new ModelMetadata.Tensor(
                            column.name(),
                            column instanceof CategoricalColumn ? TensorType.BYTES : TensorType.FP32,
                            List.of(-1, 1)))
                    .toList();
        }
        List<Integer> shape =
                Stream.concat(Stream.of(-1), encoding.inputShape().stream()).toList();
        return List.of(new ModelMetadata.Tensor(INPUT, TensorType.FP32, shape));
    }

    /**
     * @throws ProblemException INVALID_REQUEST, PAYLOAD_TOO_LARGE
     */
    static List<Instance> of(List<InferRequest.RequestInput> inputs, Encoding encoding, int maxRows) {
        if (inputs.get(0).rows() > maxRows) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "The request holds " + inputs.get(0).rows() + " rows; at most " + maxRows
                            + " are taken in one request.");
        }
        if (inputs.size() == 1 && inputs.get(0).name().equals(INPUT)) {
            return rows(inputs.get(0));
        }
        if (encoding instanceof ColumnEncoding) {
            return columns(inputs);
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).name().equals(INPUT)) {
                throw invalid(i, "name", "is not an input of the model, whose only one is '" + INPUT + "'");
            }
        }
        throw new IllegalStateException("the names of inputs differ");
    }

    private static List<Instance> rows(InferRequest.RequestInput input) {
        List<Integer> shape =
                input.shape().stream().skip(1).map(Math::toIntExact).toList();
        if (shape.isEmpty()) {
            throw invalid(0, "shape", "lacks the number of rows: one row of 4 values has shape [1, 4]");
        }
        float[] values = numbers(input, 0);
        int size = values.length / input.rows();
        List<Instance> rows = new ArrayList<>(input.rows());
        for (int row = 0; row < input.rows(); row++) {
            rows.add(new Instance.Values(Arrays.copyOfRange(values, row * size, (row + 1) * size), shape));
        }
        return rows;
    }

    private static List<Instance> columns(List<InferRequest.RequestInput> inputs) {
        int rows = inputs.get(0).rows();
        List<Map<String, @Nullable Object>> values = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            values.add(new LinkedHashMap<>());
        }
        for (int i = 0; i < inputs.size(); i++) {
            InferRequest.RequestInput input = inputs.get(i);
            TensorData data = input.elements();
            if (input.rows() != rows || data.count() != rows) {
                throw invalid(
                        i, "shape", "must be [" + rows + ", 1], as that of the first column, was " + input.shape());
            }
            for (int row = 0; row < rows; row++) {
                Object value = data instanceof TensorData.Numbers numbers
                        ? (Object) numbers.values()[row]
                        : ((TensorData.Texts) data).values().get(row);
                values.get(row).put(input.name(), value);
            }
        }
        return values.stream().<Instance>map(Instance.Columns::new).toList();
    }

    private static float[] numbers(InferRequest.RequestInput input, int index) {
        if (input.elements() instanceof TensorData.Numbers numbers) {
            return numbers.values();
        }
        throw invalid(index, "data", "must hold numbers");
    }

    private static ProblemException invalid(int input, String field, String detail) {
        FieldError error = new FieldError("/inputs/" + input + "/" + field, detail);
        return new ProblemException(ProblemType.INVALID_REQUEST, error.pointer() + ": " + detail, List.of(error));
    }
}
