package io.trainyard.serving;

import java.nio.ByteBuffer;

/** The element types of the Open Inference Protocol, with their binary form: little-endian, without padding. */
enum TensorType {
    BOOL(1) {
        @Override
        float read(ByteBuffer data) {
            return data.get() == 0 ? 0 : 1;
        }
    },
    UINT8(1) {
        @Override
        float read(ByteBuffer data) {
            return Byte.toUnsignedInt(data.get());
        }
    },
    UINT16(2) {
        @Override
        float read(ByteBuffer data) {
            return Short.toUnsignedInt(data.getShort());
        }
    },
    UINT32(4) {
        @Override
        float read(ByteBuffer data) {
            return Integer.toUnsignedLong(data.getInt());
        }
    },
    UINT64(8) {
        @Override
        float read(ByteBuffer data) {
            long value = data.getLong();
            return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2f;
        }
    },
    INT8(1) {
        @Override
        float read(ByteBuffer data) {
            return data.get();
        }
    },
    INT16(2) {
        @Override
        float read(ByteBuffer data) {
            return data.getShort();
        }
    },
    INT32(4) {
        @Override
        float read(ByteBuffer data) {
            return data.getInt();
        }
    },
    INT64(8) {
        @Override
        float read(ByteBuffer data) {
            return data.getLong();
        }
    },
    FP16(2) {
        @Override
        float read(ByteBuffer data) {
            return half(data.getShort());
        }
    },
    FP32(4) {
        @Override
        float read(ByteBuffer data) {
            return data.getFloat();
        }
    },
    FP64(8) {
        @Override
        float read(ByteBuffer data) {
            return (float) data.getDouble();
        }
    },
    /** Texts. Each stands behind its length in bytes. */
    BYTES(0) {
        @Override
        float read(ByteBuffer data) {
            throw new UnsupportedOperationException("a text is no number");
        }
    };

    private final int size;

    TensorType(int size) {
        this.size = size;
    }

    /** Bytes of one element; 0 where they differ. */
    int size() {
        return size;
    }

    /** Takes the next element as the nearest float. */
    abstract float read(ByteBuffer data);

    /** IEEE 754 binary16, for which the class library of Java 17 has nothing. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Math.scalb((float) (fraction | 0x400), exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
