package io.trainyard.platform.connector;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** A connection as it is. Where it can move nothing, Tomcat would have the thread wait. */
final class PatientChannel extends NioChannel implements PatientConnection {

    private final Patience patience;

    PatientChannel(SocketBufferHandler buffers, Patience patience) {
        super(buffers);
        this.patience = patience;
    }

    @Override
    public Patience patience() {
        return patience;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return patience.read(() -> super.read(to));
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        try {
            return patience.write(() -> super.write(from), () -> isUnsent(from));
        } catch (SocketTimeoutException slow) {
            // What is written after a gap must not arrive.
            close(true);
            throw slow;
        }
    }

    private boolean isUnsent(ByteBuffer from) {
        return from.hasRemaining() || getOutboundRemaining() > 0;
    }

    @Override
    public void close(boolean force) throws IOException {
        try {
            super.close(force);
        } finally {
            patience.begin();
        }
    }
}
