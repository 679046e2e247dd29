package io.trainyard.engine;

import io.trainyard.problem.InvalidFieldException;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The vector of all parameters in ND4J's binary form, as {@code Nd4j.write} makes it: two buffers, the shape's description
 * and the values, each with how it was allocated, its length, its type and its elements, big-endian.
 */
record Coefficients(float[] values) {

    /** Of a description: the rank, shape and strides of a vector, and three more. */
    private static final int MAX_DESCRIPTION = 8;
    /** How buffers of before 1.0.0-beta4 were allocated; their lengths have 32 bits. */
    private static final Set<String> EARLY = Set.of("DIRECT", "HEAP", "JAVACPP");

    private record Header(long length, String type) {}

    /**
     * Reads the values.
     *
     * @param maxBytes of all of them
     * @throws InvalidFieldException for {@code file}
     */
    static Coefficients read(DataInputStream in, long maxBytes) throws IOException {
        Header shape = header(in);
        if (shape.length() < 4 || shape.length() > MAX_DESCRIPTION) {
            throw malformed();
        }
        long[] description = new long[(int) shape.length()];
        for (int i = 0; i < description.length; i++) {
            description[i] = shape.type().equals("INT") ? in.readInt() : in.readLong();
        }
        Header header = header(in);
        long product = 1;
        for (int i = 1; i <= description[0] && i < description.length; i++) {
            product = Math.multiplyHigh(product, description[i]) == 0 ? product * description[i] : -1;
        }
        if (description[0] < 1 || description[0] > 2 || product != header.length() || header.length() < 1) {
            throw malformed();
        }
        if (!header.type().equals("FLOAT") && !header.type().equals("DOUBLE")) {
            throw new InvalidFieldException(
                    "file", "holds weights of type " + header.type() + "; FLOAT and DOUBLE are read");
        }
        int bytes = header.type().equals("FLOAT") ? Float.BYTES : Double.BYTES;
        if (header.length() > maxBytes / bytes || header.length() > Integer.MAX_VALUE - 8) {
            throw new InvalidFieldException(
                    "file",
                    "its coefficients.bin says that it holds " + header.length() + " values, which is more than its"
                            + " bytes can be, or than is taken");
        }
        return new Coefficients(values(in, header));
    }

    private static float[] values(DataInput in, Header header) throws IOException {
        float[] values = new float[(int) header.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = header.type().equals("FLOAT") ? in.readFloat() : (float) in.readDouble();
            if (!Float.isFinite(values[i])) {
                throw new InvalidFieldException("file", "its weight " + i + " is not a finite number");
            }
        }
        return values;
    }

    private static Header header(DataInput in) throws IOException {
        try {
            String allocation = in.readUTF();
            long length = EARLY.contains(allocation) ? in.readInt() : in.readLong();
            return new Header(length, in.readUTF());
        } catch (UTFDataFormatException other) {
            throw malformed();
        }
    }

    private static InvalidFieldException malformed() {
        return new InvalidFieldException("file", "its coefficients.bin is not a vector in ND4J's form");
    }

    /** As the vector that a network takes. */
    INDArray as(DataType type) {
        return Nd4j.createFromArray(values).reshape(1, values.length).castTo(type);
    }
}
