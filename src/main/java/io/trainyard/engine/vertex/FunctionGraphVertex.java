package io.trainyard.engine.vertex;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link FunctionVertex} in a network, with its weights' place in the network's parameters. */
@SuppressWarnings("overrides") // DL4J's own vertex overrides a method that takes more than one array
final class FunctionGraphVertex extends BaseGraphVertex {

    private static final long serialVersionUID = 1L;

    private final transient FunctionVertex function;
    private final transient @Nullable INDArray parameters;
    private final transient Map<String, INDArray> weights;
    private transient @Nullable INDArray gradient;
    private transient Map<String, INDArray> gradients = Map.of();

    FunctionGraphVertex(
            ComputationGraph graph,
            String name,
            int index,
            DataType dataType,
            FunctionVertex function,
            @Nullable INDArray parameters) {
        super(graph, name, index, null, null, dataType);
        this.function = function;
        this.parameters = parameters;
        this.weights = function.views(parameters);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        return workspaces.dup(ArrayType.ACTIVATIONS, function.forward(inputs[0], weights), 'c');
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray towardsInput = function.backward(inputs[0], weights, epsilon, gradients);
        Gradient towardsWeights = new DefaultGradient();
        gradients.forEach(towardsWeights::setGradientFor);
        return Pair.of(towardsWeights, new INDArray[] {workspaces.dup(ArrayType.ACTIVATION_GRAD, towardsInput, 'c')});
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        gradient = view;
        gradients = function.views(view);
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return weights;
    }

    @Override
    public @Nullable INDArray params() {
        return parameters;
    }

    @Override
    public @Nullable INDArray getGradientsViewArray() {
        return gradient;
    }

    @Override
    public long numParams() {
        return function.numParams(true);
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public @Nullable Layer getLayer() {
        return null;
    }

    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray[] masks, MaskState state, int minibatchSize) {
        return null;
    }

    @Override
    public String toString() {
        return function.getClass().getSimpleName() + " " + vertexName;
    }
}
