package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.positive;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a network. Names, parameters, defaults and output shapes are those of the Keras layer of the same name.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LayerSpec.Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = LayerSpec.Conv2d.class, name = "conv2d"),
    @JsonSubTypes.Type(value = LayerSpec.MaxPooling2d.class, name = "max_pooling2d"),
    @JsonSubTypes.Type(value = LayerSpec.AveragePooling2d.class, name = "average_pooling2d"),
    @JsonSubTypes.Type(value = LayerSpec.GlobalAveragePooling2d.class, name = "global_average_pooling2d"),
    @JsonSubTypes.Type(value = LayerSpec.Flatten.class, name = "flatten"),
    @JsonSubTypes.Type(value = LayerSpec.Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = LayerSpec.BatchNormalization.class, name = "batch_normalization"),
    @JsonSubTypes.Type(value = LayerSpec.ActivationLayer.class, name = "activation"),
})
@Schema(description = "A layer, in Keras' terms; `type` chooses which.")
public sealed interface LayerSpec {

    int MAX_NAME = 100;

    /** The layer's own name, unique in its network; made from the type where it is left out. */
    @Nullable
    String name();

    /** The layer's type, as in its JSON form. */
    @JsonIgnore
    String type();

    /**
     * The shape of the output for an input of the given shape.
     *
     * @throws ShapeMismatchException when the layer cannot take that input
     */
    Shape outputShape(Shape input);

    /** The number of parameters that training changes, for an input of the given shape. */
    default long trainableParameters(Shape input) {
        return 0;
    }

    /** The number of parameters that are kept but not trained, such as moving averages. */
    default long nonTrainableParameters(Shape input) {
        return 0;
    }

    /** A fully connected layer: {@code activation(input · kernel + bias)}. */
    record Dense(
            @Nullable String name,

            @Schema(example = "200", requiredMode = Schema.RequiredMode.REQUIRED)
            Integer units,

            Activation activation,
            Boolean useBias)
            implements LayerSpec {

        private static final int MAX_UNITS = 1 << 20;

        public Dense {
            checkName(name);
            units = inRange("units", required("units", units), 0, 1, MAX_UNITS);
            activation = requireNonNullElse(activation, Activation.LINEAR);
            useBias = requireNonNullElse(useBias, true);
        }

        @Override
        public String type() {
            return "dense";
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input.rank() != 1) {
                throw new ShapeMismatchException("dense takes a vector [n], but its input has shape " + input
                        + "; put a flatten or global_average_pooling2d before it");
            }
            return Shape.of(units);
        }

        @Override
        public long trainableParameters(Shape input) {
            return (long) units * (input.size() + (useBias ? 1 : 0));
        }
    }

    /** A 2D convolution over {@code [height, width, channels]}. */
    record Conv2d(
            @Nullable String name,

            @Schema(example = "12", requiredMode = Schema.RequiredMode.REQUIRED)
            Integer filters,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            Size2d kernelSize,

            Size2d strides,
            Padding padding,
            Activation activation,
            Boolean useBias)
            implements LayerSpec {

        private static final int MAX_FILTERS = 1 << 16;

        public Conv2d {
            checkName(name);
            filters = inRange("filters", required("filters", filters), 0, 1, MAX_FILTERS);
            kernelSize = required("kernel_size", kernelSize);
            strides = requireNonNullElse(strides, new Size2d(1, 1));
            padding = requireNonNullElse(padding, Padding.VALID);
            activation = requireNonNullElse(activation, Activation.LINEAR);
            useBias = requireNonNullElse(useBias, true);
        }

        @Override
        public String type() {
            return "conv2d";
        }

        @Override
        public Shape outputShape(Shape input) {
            return slide(this, input, kernelSize, strides, padding, filters);
        }

        @Override
        public long trainableParameters(Shape input) {
            long kernel = (long) kernelSize.height() * kernelSize.width() * input.last();
            return filters * (kernel + (useBias ? 1 : 0));
        }
    }

    /** The largest value of each window, per channel. */
    record MaxPooling2d(@Nullable String name, Size2d poolSize, Size2d strides, Padding padding) implements LayerSpec {

        public MaxPooling2d {
            checkName(name);
            poolSize = requireNonNullElse(poolSize, new Size2d(2, 2));
            strides = requireNonNullElse(strides, poolSize);
            padding = requireNonNullElse(padding, Padding.VALID);
        }

        @Override
        public String type() {
            return "max_pooling2d";
        }

        @Override
        public Shape outputShape(Shape input) {
            return slide(this, input, poolSize, strides, padding, input.last());
        }
    }

    /** The mean of each window, per channel; positions in the padding do not count. */
    record AveragePooling2d(@Nullable String name, Size2d poolSize, Size2d strides, Padding padding)
            implements LayerSpec {

        public AveragePooling2d {
            checkName(name);
            poolSize = requireNonNullElse(poolSize, new Size2d(2, 2));
            strides = requireNonNullElse(strides, poolSize);
            padding = requireNonNullElse(padding, Padding.VALID);
        }

        @Override
        public String type() {
            return "average_pooling2d";
        }

        @Override
        public Shape outputShape(Shape input) {
            return slide(this, input, poolSize, strides, padding, input.last());
        }
    }

    /** The mean of each channel: {@code [height, width, channels]} to {@code [channels]}. */
    record GlobalAveragePooling2d(@Nullable String name) implements LayerSpec {

        public GlobalAveragePooling2d {
            checkName(name);
        }

        @Override
        public String type() {
            return "global_average_pooling2d";
        }

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(image(this, input).last());
        }
    }

    /** All values in one vector, row by row, channels innermost. */
    record Flatten(@Nullable String name) implements LayerSpec {

        public Flatten {
            checkName(name);
        }

        @Override
        public String type() {
            return "flatten";
        }

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(input.size());
        }
    }

    /**
     * In training, sets each value to zero with probability {@code rate} and scales the others by 1 / (1 − rate)
     * (Srivastava et al., 2014); in inference, nothing.
     */
    record Dropout(
            @Nullable String name,

            @Schema(example = "0.3", requiredMode = Schema.RequiredMode.REQUIRED)
            Double rate) implements LayerSpec {

        public Dropout {
            checkName(name);
            rate = inRange("rate", required("rate", rate), 0, 0, 1);
        }

        @Override
        public String type() {
            return "dropout";
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }
    }

    /**
     * Normalises each channel to mean 0 and variance 1 over the batch, then scales by gamma and shifts by beta (Ioffe
     * and Szegedy, 2015).
     *
     * @param momentum of the moving averages that inference uses: {@code average · momentum + batch · (1 − momentum)}
     * @param scale whether gamma is trained; otherwise it stays 1
     * @param center whether beta is trained; otherwise it stays 0
     */
    record BatchNormalization(@Nullable String name, Double momentum, Double epsilon, Boolean scale, Boolean center)
            implements LayerSpec {

        public BatchNormalization {
            checkName(name);
            momentum = inRange("momentum", momentum, 0.99, 0, 1);
            epsilon = positive("epsilon", epsilon, 1e-3, 1);
            scale = requireNonNullElse(scale, true);
            center = requireNonNullElse(center, true);
        }

        @Override
        public String type() {
            return "batch_normalization";
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long trainableParameters(Shape input) {
            return (long) input.last() * ((scale ? 1 : 0) + (center ? 1 : 0));
        }

        @Override
        public long nonTrainableParameters(Shape input) {
            return 2L * input.last();
        }
    }

    /** An activation function as a layer of its own. */
    record ActivationLayer(
            @Nullable String name,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            Activation activation) implements LayerSpec {

        public ActivationLayer {
            checkName(name);
            required("activation", activation);
        }

        @Override
        public String type() {
            return "activation";
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }
    }

    private static Shape slide(LayerSpec layer, Shape input, Size2d window, Size2d strides, Padding padding, int out) {
        image(layer, input);
        int height = padding.positions(input.dimension(0), window.height(), strides.height());
        int width = padding.positions(input.dimension(1), window.width(), strides.width());
        if (height < 1 || width < 1) {
            throw new ShapeMismatchException("the window of " + layer.type() + ", [" + window.height() + ", "
                    + window.width() + "], does not fit its input of shape " + input
                    + "; make it smaller or set padding to 'same'");
        }
        if ((long) height * width * out > Integer.MAX_VALUE) {
            throw new ShapeMismatchException("the output of " + layer.type() + ", [" + height + ", " + width + ", "
                    + out + "], for its input of shape " + input + " is too large");
        }
        return Shape.of(height, width, out);
    }

    private static void checkName(@Nullable String name) {
        if (name == null) {
            return;
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new InvalidFieldException("name", "must have from 1 to " + MAX_NAME + " characters");
        }
        if (name.indexOf('\0') >= 0) {
            throw new InvalidFieldException("name", "must not hold the character U+0000");
        }
    }

    private static Shape image(LayerSpec layer, Shape input) {
        if (!input.isImage()) {
            throw new ShapeMismatchException(
                    layer.type() + " takes [height, width, channels], but its input has shape " + input);
        }
        return input;
    }
}
