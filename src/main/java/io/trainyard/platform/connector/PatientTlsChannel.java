package io.trainyard.platform.connector;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** As {@link PatientChannel}, by TLS. */
final class PatientTlsChannel extends SecureNioChannel implements PatientConnection {

    private final Patience patience;

    PatientTlsChannel(SocketBufferHandler buffers, NioEndpoint endpoint, Patience patience) {
        super(buffers, endpoint);
        this.patience = patience;
    }

    @Override
    public Patience patience() {
        return patience;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        int n = super.read(to);
        if (patience.isReadingBody()) {
            while (n == 0 && patience.triesAgain()) {
                n = super.read(to);
            }
            if (n > 0) {
                patience.moved(n);
            }
        }
        return n;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int n = super.write(from);
        try {
            while (n == 0 && isUnsent(from) && patience.triesAgain()) {
                n = super.write(from);
            }
        } catch (SocketTimeoutException slow) {
            // What is written after a gap must not arrive.
            close(true);
            throw slow;
        }
        if (n > 0) {
            patience.moved(n);
        }
        if (!isUnsent(from)) {
            patience.getUp();
        }
        return n;
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
