import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.framework.optimizers.Optimizer.GradAndVar;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** TensorFlow's CPU build, through TF-Java, as a graph. */
final class TensorFlow implements Epochs.Network {

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final List<Op> updates = new ArrayList<>();
    private final List<Variable<TFloat32>> weights = new ArrayList<>();
    private final Shape shape;
    private final Placeholder<TFloat32> features;
    private final Placeholder<TInt32> labels;
    private final Operand<TFloat32> loss;
    private final Op[] steps;
    private final Session session;

    public static void main(String[] arguments) throws IOException {
        Epochs.run(TensorFlow::new, arguments);
    }

    private TensorFlow(Epochs.Rung rung, int threads) {
        shape = rung == Epochs.Rung.R9
                ? Shape.of(rung.batch, 28, 28, 1)
                : rung == Epochs.Rung.R11 ? Shape.of(rung.batch, 28, 28) : Shape.of(rung.batch, Epochs.PIXELS);
        features = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(rung.batch)));
        Operand<TFloat32> logits = network(rung);
        loss = tf.math.mean(
                tf.nn.softmaxCrossEntropyWithLogits(
                                logits, tf.oneHot(labels, tf.constant(10), tf.constant(1f), tf.constant(0f)))
                        .loss(),
                tf.constant(0));
        // Its learning rate is fixed when a graph is made: it does not decay here, which takes no time.
        Optimizer optimizer = rung == Epochs.Rung.R1
                ? new GradientDescent(graph, rung.learningRate)
                : new Adam(graph, rung.learningRate);
        updates.add(optimizer.applyGradients(gradients(), "update"));
        steps = updates.toArray(Op[]::new);
        session = new Session(
                graph,
                ConfigProto.newBuilder()
                        .setIntraOpParallelismThreads(threads)
                        .setInterOpParallelismThreads(threads)
                        .build());
        session.initialize();
    }

    /** Of what is trained, which the running averages of a normalisation are not. */
    private List<GradAndVar<?>> gradients() {
        Output<?>[] gradients = graph.addGradients(
                loss.asOutput(), weights.stream().map(Variable::asOutput).toArray(Output[]::new));
        List<GradAndVar<?>> pairs = new ArrayList<>();
        for (int i = 0; i < gradients.length; i++) {
            pairs.add(pair(gradients[i], weights.get(i)));
        }
        return pairs;
    }

    @SuppressWarnings("unchecked")
    private static GradAndVar<TFloat32> pair(Output<?> gradient, Variable<TFloat32> weight) {
        return new GradAndVar<>((Output<TFloat32>) gradient, weight.asOutput());
    }

    private Variable<TFloat32> trained(Operand<TFloat32> initial) {
        Variable<TFloat32> weight = tf.variable(initial);
        weights.add(weight);
        return weight;
    }

    private Operand<TFloat32> network(Epochs.Rung rung) {
        return switch (rung) {
            case R1 -> dense(features, Epochs.PIXELS, 10);
            case R5 -> dense(
                    tf.nn.relu(dense(tf.nn.relu(dense(features, Epochs.PIXELS, 200)), 200, 60)), 60, 10);
            case R9 -> {
                Operand<TFloat32> picture = convolution(features, 1, 12, 3, 1);
                picture = convolution(picture, 12, 24, 6, 2);
                picture = convolution(picture, 24, 32, 6, 2);
                Operand<TFloat32> flat = tf.reshape(picture, tf.constant(new int[] {-1, 7 * 7 * 32}));
                Operand<TFloat32> hidden = tf.linalg.matMul(flat, weight(Shape.of(7 * 7 * 32, 200), 7 * 7 * 32, 200));
                Operand<TFloat32> asPicture = tf.reshape(hidden, tf.constant(new int[] {-1, 1, 1, 200}));
                Operand<TFloat32> active = tf.nn.relu(
                        tf.reshape(normalized(asPicture, 200), tf.constant(new int[] {-1, 200})));
                yield dense(dropout(active, 0.3f), 200, 10);
            }
            case R11 -> lstm(128);
        };
    }

    private Operand<TFloat32> dense(Operand<TFloat32> input, int from, int to) {
        return tf.math.add(
                tf.linalg.matMul(input, weight(Shape.of(from, to), from, to)),
                trained(tf.zeros(tf.constant(new int[] {to}), TFloat32.class)));
    }

    private Variable<TFloat32> weight(Shape shape, int fanIn, int fanOut) {
        float limit = (float) Math.sqrt(6.0 / (fanIn + fanOut));
        Operand<TFloat32> uniform = tf.random.randomUniform(
                tf.constant(shape.asArray()), TFloat32.class, RandomUniform.seed(7L), RandomUniform.seed2(fanIn + 31L * fanOut));
        return trained(tf.math.mul(tf.math.sub(uniform, tf.constant(0.5f)), tf.constant(2 * limit)));
    }

    private Operand<TFloat32> convolution(Operand<TFloat32> input, int from, int filters, int kernel, long stride) {
        Operand<TFloat32> weights = weight(
                Shape.of(kernel, kernel, from, filters), kernel * kernel * from, kernel * kernel * filters);
        return tf.nn.relu(normalized(
                tf.nn.conv2d(input, weights, List.of(1L, stride, stride, 1L), "SAME"), filters));
    }

    private Operand<TFloat32> normalized(Operand<TFloat32> input, int channels) {
        Operand<TFloat32> ones = tf.ones(tf.constant(new int[] {channels}), TFloat32.class);
        Operand<TFloat32> zeros = tf.zeros(tf.constant(new int[] {channels}), TFloat32.class);
        Variable<TFloat32> beta = trained(zeros);
        Variable<TFloat32> mean = tf.variable(zeros);
        Variable<TFloat32> variance = tf.variable(ones);
        FusedBatchNorm<TFloat32, TFloat32> normalized = tf.nn.fusedBatchNorm(
                input,
                ones,
                beta,
                tf.constant(new float[0]),
                tf.constant(new float[0]),
                FusedBatchNorm.isTraining(true),
                FusedBatchNorm.epsilon(1e-3f));
        updates.add(moved(mean, normalized.batchMean()));
        updates.add(moved(variance, normalized.batchVariance()));
        return normalized.y();
    }

    private Op moved(Variable<TFloat32> average, Operand<TFloat32> now) {
        return tf.assignSub(average, tf.math.mul(tf.math.sub(average, now), tf.constant(0.01f)));
    }

    private Operand<TFloat32> dropout(Operand<TFloat32> input, float rate) {
        Operand<TFloat32> draw = tf.random.randomUniform(tf.shape(input), TFloat32.class);
        Operand<TFloat32> kept = tf.dtypes.cast(tf.math.greaterEqual(draw, tf.constant(rate)), TFloat32.class);
        return tf.math.mul(tf.math.mul(input, kept), tf.constant(1 / (1 - rate)));
    }

    /** Keras' CPU form of it too: a step after the other, the four gates in one product. */
    private Operand<TFloat32> lstm(int units) {
        int columns = 28;
        Variable<TFloat32> kernel = weight(Shape.of(columns, 4 * units), columns, 4 * units);
        Variable<TFloat32> recurrent = weight(Shape.of(units, 4 * units), units, 4 * units);
        Variable<TFloat32> bias = trained(tf.zeros(tf.constant(new int[] {4 * units}), TFloat32.class));
        int rows = (int) shape.get(0);
        Operand<TFloat32> hidden = tf.zeros(tf.constant(new int[] {rows, units}), TFloat32.class);
        Operand<TFloat32> cell = hidden;
        List<Operand<TFloat32>> lines = tf.unstack(features, 28L, org.tensorflow.op.core.Unstack.axis(1L)).output().stream()
                .<Operand<TFloat32>>map(line -> line)
                .toList();
        for (Operand<TFloat32> line : lines) {
            Operand<TFloat32> gates = tf.math.add(
                    tf.math.add(tf.linalg.matMul(line, kernel), tf.linalg.matMul(hidden, recurrent)), bias);
            List<? extends Operand<TFloat32>> four =
                    tf.split(tf.constant(1), gates, 4L).output();
            cell = tf.math.add(
                    tf.math.mul(tf.math.sigmoid(four.get(1)), cell),
                    tf.math.mul(tf.math.sigmoid(four.get(0)), tf.math.tanh(four.get(2))));
            hidden = tf.math.mul(tf.math.sigmoid(four.get(3)), tf.math.tanh(cell));
        }
        return dense(hidden, units, 10);
    }

    @Override
    public float step(float[] pixels, int[] expected, float rate, boolean last) {
        try (TFloat32 rows = TFloat32.tensorOf(shape, DataBuffers.of(pixels, true, false));
                TInt32 classes = TInt32.tensorOf(Shape.of(expected.length), DataBuffers.of(expected, true, false))) {
            Session.Runner runner = session.runner().feed(features, rows).feed(labels, classes);
            for (Op step : steps) {
                runner.addTarget(step);
            }
            if (!last) {
                runner.run().close();
                return 0;
            }
            try (org.tensorflow.Result result = runner.fetch(loss).run()) {
                return ((TFloat32) result.get(0)).getFloat();
            }
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
