package io.trainyard.platform.connector;

import java.util.Objects;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** Makes connections that know their patience. */
final class PatientEndpoint extends NioEndpoint {

    private @Nullable WaitingRoom room;

    void setRoom(WaitingRoom room) {
        this.room = room;
    }

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffers) {
        Patience patience = new Patience(Objects.requireNonNull(room));
        return isSSLEnabled() ? new PatientTlsChannel(buffers, this, patience) : new PatientChannel(buffers, patience);
    }
}
