package io.trainyard.training;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** As what this worker process is known. */
@Component
@Profile("worker")
public class WorkerIdentity {

    private final UUID id = UUID.randomUUID();
    private final String host = localHost();

    WorkerIdentity() {}

    public UUID id() {
        return id;
    }

    public String host() {
        return host;
    }

    public long pid() {
        return ProcessHandle.current().pid();
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
