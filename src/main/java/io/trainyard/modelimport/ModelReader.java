package io.trainyard.modelimport;

import io.trainyard.engine.Engine;
import io.trainyard.engine.ImportedNetwork;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that reads a file of foreign origin: {@code read-model <folder> <most bytes> [<input shape>]}. The file is
 * {@code upload} in the folder; the network goes to {@code model.zip}, what is known of it, or why it is refused, to
 * {@code outcome.json}. It ends with status 0 when it could say either. It holds no secret and no connection, and may be
 * killed at any time.
 */
public final class ModelReader {

    /** The first argument of the program that makes it this process. */
    public static final String COMMAND = "read-model";

    static final String UPLOAD = "upload";
    static final String NETWORK = "model.zip";
    static final String OUTCOME = "outcome.json";

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .build();

    static final String INPUT_SHAPE = "input_shape";

    private static final int PROBES = 3;
    /** Of answers, or of their share where they are larger than 1: sums in another order differ by less. */
    private static final double MOST_DIFFERENCE = 1e-3;

    private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private final Path folder;
    private final long maxBytes;
    private final @Nullable List<Integer> inputShape;
    private final Engine engine = new Engine();

    private ModelReader(Path folder, long maxBytes, @Nullable List<Integer> inputShape) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.inputShape = inputShape;
    }

    /** Reads the file that the arguments name, and ends the process. */
    public static void run(List<String> arguments) {
        endWithParent();
        dieFirst();
        ModelReader reader = new ModelReader(
                Path.of(arguments.get(0)),
                Long.parseLong(arguments.get(1)),
                arguments.size() > 2 ? JSON.readValue(arguments.get(2), new TypeReference<>() {}) : null);
        int status = 0;
        try {
            Files.writeString(reader.folder.resolve(OUTCOME), JSON.writeValueAsString(reader.outcome()));
        } catch (IOException disk) {
            disk.printStackTrace();
            status = 1;
        }
        // What native code has left running does not matter any more.
        Runtime.getRuntime().halt(status);
    }

    /** Where memory is short the kernel is to end this process, not the service. */
    private static void dieFirst() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException notThere) {
            System.err.println(notThere);
        }
    }

    /** Our standard input closes when the service ends, be it by {@code kill -9}. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException closed) {
                        System.err.println(closed);
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Zeros, and rows from 0 to 1. */
    private static float[] probes(int size) {
        float[] rows = new float[Math.multiplyExact(PROBES, size)];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = size; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble();
        }
        return rows;
    }

    private static void checkAnswers(float[] alone, float[] together, int row, int outputs) {
        if (alone.length != outputs || together.length != PROBES * outputs) {
            throw new InvalidFieldException(
                    "file",
                    "answers " + PROBES + " rows with " + together.length + " numbers, and one with " + alone.length
                            + "; " + outputs + " for each are served");
        }
        for (int i = 0; i < outputs; i++) {
            float value = alone[i];
            if (!Float.isFinite(value)) {
                throw new InvalidFieldException(
                        "file",
                        "answers a row of " + (row == 0 ? "zeros" : "numbers from 0 to 1")
                                + " with what is not a finite number");
            }
            float beside = together[row * outputs + i];
            if (!Float.isFinite(beside) || Math.abs(value - beside) > MOST_DIFFERENCE * Math.max(1, Math.abs(value))) {
                throw new InvalidFieldException(
                        "file",
                        "answers a row by the rows that come with it; only networks that take rows apart are served");
            }
        }
    }

    private Outcome outcome() throws IOException {
        try {
            return new Outcome(null, read());
        } catch (InvalidFieldException refused) {
            boolean ofShape = refused.field().equals(INPUT_SHAPE);
            return refusal(ofShape ? INPUT_SHAPE : "file", refused.detail());
        } catch (RuntimeException malformed) {
            // Whatever a library throws at bytes that it does not understand.
            malformed.printStackTrace();
            return refusal("file", "cannot be read: it is damaged, cut off, or of a form that is not known");
        } catch (OutOfMemoryError | StackOverflowError tooLarge) {
            return refusal("file", "takes more memory to be read than it may (trainyard.imports.memory)");
        }
    }

    private static Outcome refusal(String field, String detail) {
        return new Outcome(new Outcome.Refusal(field, detail), null);
    }

    private Outcome.Facts read() throws IOException {
        byte[] start = new byte[HDF5.length];
        try (InputStream in = Files.newInputStream(folder.resolve(UPLOAD))) {
            int length = in.readNBytes(start, 0, start.length);
            if (length == 0) {
                throw new InvalidFieldException("file", "is empty");
            }
        }
        if (Arrays.equals(start, HDF5)) {
            Shape wanted = inputShape == null ? null : new Shape(inputShape);
            try (KerasFile file = KerasFile.open(folder.resolve(UPLOAD), wanted, maxBytes);
                    ImportedNetwork network = engine.importLayers(file.network(), file.weights())) {
                return tried("keras_h5", network);
            }
        }
        if (Arrays.equals(Arrays.copyOf(start, ZIP.length), ZIP)) {
            try (ImportedNetwork network = engine.importArchive(folder.resolve(UPLOAD), inputShape, maxBytes)) {
                return tried("dl4j_zip", network);
            }
        }
        throw new InvalidFieldException("file", "is neither an HDF5 file (Keras' .h5) nor a zip (DL4J's)");
    }

    /**
     * Saves it, and loads it and asks it as serving would: what cannot answer must not become a version, nor what answers a row
     * by the rows beside it, since those are other people's.
     */
    private Outcome.Facts tried(String format, ImportedNetwork network) throws IOException {
        Path saved = folder.resolve(NETWORK);
        try (OutputStream out = Files.newOutputStream(saved)) {
            network.save(out);
        }
        ImportedNetwork.Facts facts = network.facts();
        int size = new Shape(facts.inputShape()).size();
        try (InferenceNetwork serving = engine.load(saved, facts.inputShape(), facts.outputs())) {
            float[] rows = probes(size);
            float[] together = serving.predict(rows, PROBES);
            for (int row = 0; row < PROBES; row++) {
                float[] alone = serving.predict(Arrays.copyOfRange(rows, row * size, (row + 1) * size), 1);
                checkAnswers(alone, together, row, facts.outputs());
            }
        }
        JsonNode summary = JSON.valueToTree(facts.summary());
        return new Outcome.Facts(
                format, facts.inputShape(), facts.outputs(), facts.activation(), facts.network(), summary);
    }
}
