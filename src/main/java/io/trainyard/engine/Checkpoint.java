package io.trainyard.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The file of a training's state: its position, its vectors, and the figures of the epoch in progress. What is random is
 * not in it: every batch draws from a seed that follows from its position.
 */
final class Checkpoint {

    private static final int MAGIC = 0x54594350; // "TYCP"
    private static final int VERSION = 1;
    private static final int BUFFER = 1 << 16;

    private Checkpoint() {}

    static void write(OutputStream out, Position position, List<INDArray> vectors, Figures figures) throws IOException {
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
        data.writeInt(MAGIC);
        data.writeInt(VERSION);
        data.writeInt(position.epoch());
        data.writeInt(position.iteration());
        data.writeInt(vectors.size());
        for (INDArray vector : vectors) {
            Nd4j.write(vector, data);
        }
        figures.save(data);
        data.flush();
    }

    /**
     * Reads a checkpoint of the same training.
     *
     * @param vectors that take over the values of those that were written
     * @throws IOException also when the file is of another training
     */
    static Position read(InputStream in, List<INDArray> vectors, Figures figures) throws IOException {
        try (DataInputStream data = new DataInputStream(new BufferedInputStream(in, BUFFER))) {
            if (data.readInt() != MAGIC || data.readInt() != VERSION) {
                throw new IOException("not a checkpoint that this release can read");
            }
            Position position = new Position(data.readInt(), data.readInt());
            if (data.readInt() != vectors.size()) {
                throw new IOException("the checkpoint is of another training");
            }
            for (INDArray vector : vectors) {
                try (INDArray stored = Nd4j.read(data)) {
                    if (stored.length() != vector.length()) {
                        throw new IOException("the checkpoint is of another network");
                    }
                    vector.assign(stored);
                }
            }
            figures.restore(data);
            return position;
        }
    }
}
