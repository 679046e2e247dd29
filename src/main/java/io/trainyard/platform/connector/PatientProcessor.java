package io.trainyard.platform.connector;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** The requests of one connection, whose heads must be whole in time, and whose bodies are read with patience. */
final class PatientProcessor extends Http11Processor {

    private final PatientBody body;

    PatientProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
        this(protocol, new UnreadBodies(adapter, protocol.getMaxSwallowSize()));
    }

    private PatientProcessor(AbstractHttp11Protocol<?> protocol, UnreadBodies adapter) {
        super(protocol, adapter);
        body = new PatientBody(request.getInputBuffer());
        request.setInputBuffer(body);
    }

    @Override
    public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
        if (!(wrapper.getSocket() instanceof PatientConnection connection)) {
            // It has been closed.
            return super.service(wrapper);
        }
        Patience patience = connection.patience();
        body.setPatience(patience);
        SocketState state = super.service(wrapper);
        if (state == SocketState.LONG && !isAsync()) {
            return patience.waitsForHead() ? state : SocketState.CLOSED;
        }
        patience.headIsWhole();
        return state;
    }
}
