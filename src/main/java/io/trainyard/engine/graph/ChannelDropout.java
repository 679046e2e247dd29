package io.trainyard.engine.graph;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Dropout of whole channels, the last axis (Tompson et al., 2015). DL4J's own takes the second axis for the channels,
 * whatever the format.
 */
final class ChannelDropout implements IDropout {

    private static final long serialVersionUID = 1L;

    private final double keep;
    private transient @Nullable INDArray mask;

    /**
     * @param keep the probability that a channel is kept
     */
    ChannelDropout(double keep) {
        this.keep = keep;
    }

    @Override
    @SuppressWarnings("try") // the scope matters, not the variable
    public INDArray applyDropout(
            INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        long[] shape = new long[input.rank()];
        Arrays.fill(shape, 1);
        shape[0] = input.size(0);
        shape[shape.length - 1] = input.size(-1);
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray ones = Nd4j.ones(DataType.FLOAT, shape);
            Nd4j.getExecutioner().exec(new DropOutInverted(ones, ones, keep));
            mask = ones;
        }
        return result.assign(input.mul(mask));
    }

    @Override
    public INDArray backprop(INDArray towardsOutput, INDArray towardsInput, int iteration, int epoch) {
        return towardsInput.assign(towardsOutput.mul(Objects.requireNonNull(mask, "no forward pass was made")));
    }

    @Override
    public void clear() {
        mask = null;
    }

    @Override
    public IDropout clone() {
        return new ChannelDropout(keep);
    }
}
