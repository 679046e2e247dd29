package io.trainyard.training;

import io.trainyard.engine.Figures;
import io.trainyard.engine.Position;
import io.trainyard.file.PrivateFiles;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The predictions so far: a file that grows row by row, and the figures over them. It is deleted when it is closed. */
final class PredictionDraft implements Closeable {

    /** Of what {@link #save} writes. */
    private static final int VERSION = 1;

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final PredictionLines lines;
    private final Figures figures;
    private final Writer writer;
    private int rows;

    private PredictionDraft(Path file, PredictionLines lines, Figures figures, int rows) throws IOException {
        this.file = file;
        this.lines = lines;
        this.figures = figures;
        this.rows = rows;
        // Unlike a channel it is not closed when its thread is interrupted, as it may be when the worker stops.
        this.writer = new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(file.toFile(), true), StandardCharsets.UTF_8), BUFFER);
    }

    /** A draft without rows. */
    static PredictionDraft begin(Path file, PredictionLines lines, Figures figures) throws IOException {
        Files.deleteIfExists(file);
        PrivateFiles.createFile(file);
        PredictionDraft draft = new PredictionDraft(file, lines, figures, 0);
        lines.begin(draft.writer);
        return draft;
    }

    /**
     * A draft as it was when a checkpoint was written.
     *
     * @param figures of nothing yet
     * @throws IOException also when another release has written the checkpoint
     */
    static PredictionDraft resume(Path checkpoint, Path file, PredictionLines lines, Figures figures)
            throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(checkpoint), BUFFER))) {
            int version = in.readInt();
            if (version != VERSION) {
                throw new IOException("it has the form " + version + ", and this release reads " + VERSION);
            }
            int rows = in.readInt();
            figures.restore(in);
            Files.deleteIfExists(file);
            PrivateFiles.createFile(file);
            try (OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            }
            return new PredictionDraft(file, lines, figures, rows);
        }
    }

    /** Rows that are predicted. */
    int rows() {
        return rows;
    }

    Position position() {
        return new Position(0, rows);
    }

    /** Takes in the next row. */
    void add(Object label, float[] answers, int offset) {
        try {
            lines.write(writer, rows, label, answers, offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows++;
    }

    /** Judges a row that was taken in, where its label can be compared. */
    void judge(float[] answers, int offset, int width, float target) {
        figures.add(answers, offset, width, target);
    }

    Figures figures() {
        return figures;
    }

    /** Writes what another attempt needs to go on. */
    void save(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(VERSION);
        data.writeInt(rows);
        figures.save(data);
        data.flush();
        copyTo(out);
    }

    /** Writes the file as it is. */
    void copyTo(OutputStream out) throws IOException {
        writer.flush();
        Files.copy(file, out);
    }

    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
