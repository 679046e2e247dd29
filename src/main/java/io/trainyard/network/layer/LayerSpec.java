package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a network. Names, parameters, defaults and output shapes are those of the Keras layer of the same name.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ActivationLayer.class, name = "activation"),
    @JsonSubTypes.Type(value = Add.class, name = "add"),
    @JsonSubTypes.Type(value = AveragePooling1d.class, name = "average_pooling1d"),
    @JsonSubTypes.Type(value = AveragePooling2d.class, name = "average_pooling2d"),
    @JsonSubTypes.Type(value = BatchNormalization.class, name = "batch_normalization"),
    @JsonSubTypes.Type(value = Bidirectional.class, name = "bidirectional"),
    @JsonSubTypes.Type(value = Concatenate.class, name = "concatenate"),
    @JsonSubTypes.Type(value = Conv1d.class, name = "conv1d"),
    @JsonSubTypes.Type(value = Conv2d.class, name = "conv2d"),
    @JsonSubTypes.Type(value = Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = DepthwiseConv2d.class, name = "depthwise_conv2d"),
    @JsonSubTypes.Type(value = Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = Embedding.class, name = "embedding"),
    @JsonSubTypes.Type(value = Flatten.class, name = "flatten"),
    @JsonSubTypes.Type(value = GaussianNoise.class, name = "gaussian_noise"),
    @JsonSubTypes.Type(value = GlobalAveragePooling1d.class, name = "global_average_pooling1d"),
    @JsonSubTypes.Type(value = GlobalAveragePooling2d.class, name = "global_average_pooling2d"),
    @JsonSubTypes.Type(value = GlobalMaxPooling1d.class, name = "global_max_pooling1d"),
    @JsonSubTypes.Type(value = GlobalMaxPooling2d.class, name = "global_max_pooling2d"),
    @JsonSubTypes.Type(value = Gru.class, name = "gru"),
    @JsonSubTypes.Type(value = LayerNormalization.class, name = "layer_normalization"),
    @JsonSubTypes.Type(value = LeakyRelu.class, name = "leaky_relu"),
    @JsonSubTypes.Type(value = Lstm.class, name = "lstm"),
    @JsonSubTypes.Type(value = MaxPooling1d.class, name = "max_pooling1d"),
    @JsonSubTypes.Type(value = MaxPooling2d.class, name = "max_pooling2d"),
    @JsonSubTypes.Type(value = Multiply.class, name = "multiply"),
    @JsonSubTypes.Type(value = Reshape.class, name = "reshape"),
    @JsonSubTypes.Type(value = SeparableConv2d.class, name = "separable_conv2d"),
    @JsonSubTypes.Type(value = SpatialDropout1d.class, name = "spatial_dropout1d"),
    @JsonSubTypes.Type(value = SpatialDropout2d.class, name = "spatial_dropout2d"),
    @JsonSubTypes.Type(value = UpSampling2d.class, name = "up_sampling2d"),
    @JsonSubTypes.Type(value = ZeroPadding2d.class, name = "zero_padding2d"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A layer, in Keras' terms; `type` chooses which.")
public sealed interface LayerSpec permits SingleInputLayer, MergeLayer {

    /** The layer's own name, unique in its network; made from the type where it is left out. */
    @Nullable
    String name();

    /** The names of the layers whose outputs it takes; the layer before it where this is left out. */
    @Nullable
    List<String> inputs();

    /** The layer's type, as in its JSON form. */
    @JsonIgnore
    default String type() {
        for (JsonSubTypes.Type type :
                LayerSpec.class.getAnnotation(JsonSubTypes.class).value()) {
            if (type.value() == getClass()) {
                return type.name();
            }
        }
        throw new IllegalStateException(getClass() + " has no name");
    }

    /**
     * The shape of the output for inputs of the given shapes.
     *
     * @throws ShapeMismatchException when the layer cannot take those inputs
     */
    Shape outputShape(List<Shape> inputs);

    /** What the layer learns or keeps, in Keras' order, for inputs of the given shapes. */
    List<Weight> weights(List<Shape> inputs);

    /** Values that training keeps for one instance beside the layer's output. */
    double workingValues(List<Shape> inputs);

    /** The function that its output went through last; LINEAR where there is none. */
    @JsonIgnore
    default Activation outputActivation() {
        return Activation.LINEAR;
    }
}
