package io.trainyard.platform.connector;

import java.util.Objects;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 that waits with half of its threads, and no more. Tomcat makes it by the class's name. */
public class PatientProtocol extends Http11NioProtocol {

    private final PatientEndpoint endpoint;
    private @Nullable SlowClientProperties properties;

    public PatientProtocol() {
        this(new PatientEndpoint());
    }

    private PatientProtocol(PatientEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    void setProperties(SlowClientProperties properties) {
        this.properties = properties;
    }

    @Override
    public void init() throws Exception {
        int threads = getMaxThreads();
        // Threads that are not counted need not be spared.
        int places = threads < 0 ? Integer.MAX_VALUE : Math.max(1, threads / 2);
        endpoint.setRoom(new WaitingRoom(places, Objects.requireNonNull(properties)));
        super.init();
    }

    @Override
    protected Processor createProcessor() {
        return new PatientProcessor(this, getAdapter());
    }
}
