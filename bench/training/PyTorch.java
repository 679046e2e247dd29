import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;

/** PyTorch's CPU build, through DJL, whose optimizers are its own. Its threads are OMP_NUM_THREADS. */
final class PyTorch implements Epochs.Network {

    private static final Loss LOSS = Loss.softmaxCrossEntropyLoss();

    private final Shape shape;
    private final Model model;
    private final Trainer trainer;
    private final NDManager manager;
    private float learningRate;

    public static void main(String[] arguments) throws IOException {
        Epochs.run((rung, threads) -> new PyTorch(rung), arguments);
    }

    private PyTorch(Epochs.Rung rung) {
        model = Model.newInstance("digits", Device.cpu());
        model.setBlock(block(rung));
        Tracker rate = step -> learningRate;
        Optimizer optimizer = rung == Epochs.Rung.R1
                ? Optimizer.sgd().setLearningRateTracker(rate).build()
                : Optimizer.adam().optLearningRateTracker(rate).build();
        trainer = model.newTrainer(new DefaultTrainingConfig(LOSS)
                .optOptimizer(optimizer)
                .optDevices(new Device[] {Device.cpu()}));
        manager = trainer.getManager();
        trainer.initialize(shape(rung, rung.batch));
        shape = shape(rung, rung.batch);
    }

    private static Shape shape(Epochs.Rung rung, int rows) {
        return switch (rung) {
            case R9 -> new Shape(rows, 1, 28, 28);
            case R11 -> new Shape(rows, 28, 28);
            default -> new Shape(rows, Epochs.PIXELS);
        };
    }

    private static SequentialBlock block(Epochs.Rung rung) {
        SequentialBlock block = new SequentialBlock();
        switch (rung) {
            case R1 -> block.add(dense(10));
            case R5 -> block.add(dense(200)).add(Activation::relu).add(dense(60)).add(Activation::relu).add(dense(10));
            case R9 -> {
                convolution(block, 12, 3, 1, 1);
                convolution(block, 24, 6, 2, 2);
                convolution(block, 32, 6, 2, 2);
                block.add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(200).optBias(false).build())
                        .add(norm())
                        .add(Activation::relu)
                        .add(Dropout.builder().optRate(0.3f).build())
                        .add(dense(10));
            }
            case R11 -> block.add(LSTM.builder()
                            .setNumLayers(1)
                            .setStateSize(128)
                            .optBatchFirst(true)
                            .optReturnState(false)
                            .build())
                    .add(rows -> new NDList(rows.singletonOrThrow().get(new NDIndex(":,-1"))))
                    .add(dense(10));
        }
        return block;
    }

    private static Linear dense(int units) {
        return Linear.builder().setUnits(units).build();
    }

    private static void convolution(SequentialBlock block, int filters, int kernel, int stride, int padding) {
        block.add(Conv2d.builder()
                        .setFilters(filters)
                        .setKernelShape(new Shape(kernel, kernel))
                        .optStride(new Shape(stride, stride))
                        .optPadding(new Shape(padding, padding))
                        .optBias(false)
                        .build())
                .add(norm())
                .add(Activation::relu);
    }

    private static BatchNorm norm() {
        return BatchNorm.builder().optScale(false).optCenter(true).build();
    }

    @Override
    public float step(float[] pixels, int[] labels, float rate, boolean last) {
        learningRate = rate;
        try (NDManager batch = manager.newSubManager()) {
            NDArray features = batch.create(pixels, shape);
            NDArray expected = batch.create(labels);
            features.attach(batch);
            NDArray loss;
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList answers = trainer.forward(new NDList(features));
                answers.attach(batch);
                loss = LOSS.evaluate(new NDList(expected), answers);
                loss.attach(batch);
                gradients.backward(loss);
            }
            trainer.step();
            return last ? loss.toFloatArray()[0] : 0;
        }
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
