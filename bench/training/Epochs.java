import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * What every engine is given to do, in a process of its own: {@code RUNG ROWS EPOCHS THREADS FOLDER}. It trains a rung of the ladder on the first
 * rows of MNIST, in an order that differs from epoch to epoch, and tells what each epoch took.
 */
final class Epochs {

    static final int PIXELS = 28 * 28;

    /** A network that is being trained. */
    interface Network extends AutoCloseable {

        /**
         * One step.
         *
         * @param pixels of all rows, one row after the other, from 0 to 1
         * @param last whether the epoch ends with it: then its loss is returned
         */
        float step(float[] pixels, int[] labels, float learningRate, boolean last);

        @Override
        default void close() {}
    }

    interface Engine {

        Network network(Rung rung, int threads);
    }

    /** As docs/ladder.md has them. */
    enum Rung {
        R1(128, 0.1f, 1f),
        R5(128, 0.01f, 0.6f),
        R9(64, 0.01f, 0.666f),
        R11(128, 0.002f, 0.8f);

        final int batch;
        final float learningRate;
        final float decay;

        Rung(int batch, float learningRate, float decay) {
            this.batch = batch;
            this.learningRate = learningRate;
            this.decay = decay;
        }
    }

    private Epochs() {}

    static void run(Engine engine, String[] arguments) throws IOException {
        Rung rung = Rung.valueOf("R" + arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        int epochs = Integer.parseInt(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        Path folder = Path.of(arguments[4]);
        byte[] pictures = read(folder.resolve("train-images-idx3-ubyte.gz"), 16, rows * PIXELS);
        byte[] labels = read(folder.resolve("train-labels-idx1-ubyte.gz"), 8, rows);
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        if (rows % rung.batch != 0) {
            throw new IllegalArgumentException("the rows must be a multiple of " + rung.batch);
        }
        int steps = rows / rung.batch;
        float[] pixels = new float[rung.batch * PIXELS];
        int[] expected = new int[rung.batch];
        try (Network network = engine.network(rung, threads)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                long begun = System.nanoTime();
                long processor = processorNanos();
                shuffle(order, new Random(epoch));
                float rate = (float) (rung.learningRate * Math.pow(rung.decay, epoch));
                float loss = 0;
                for (int step = 0; step < steps; step++) {
                    for (int row = 0; row < rung.batch; row++) {
                        int from = order[step * rung.batch + row];
                        expected[row] = labels[from];
                        for (int i = 0; i < PIXELS; i++) {
                            pixels[row * PIXELS + i] = (pictures[from * PIXELS + i] & 0xFF) / 256f;
                        }
                    }
                    loss = network.step(pixels, expected, rate, step == steps - 1);
                }
                System.out.printf(
                        Locale.ROOT,
                        "epoch %d seconds %.4f processor %.4f loss %.4f%n",
                        epoch,
                        (System.nanoTime() - begun) / 1e9,
                        (processorNanos() - processor) / 1e9,
                        loss);
            }
        }
        // Whatever threads an engine has left.
        System.exit(0);
    }

    private static byte[] read(Path file, int header, int bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            return in.readNBytes(bytes);
        }
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
