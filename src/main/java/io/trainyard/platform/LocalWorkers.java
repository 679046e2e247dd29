package io.trainyard.platform;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Supervises this machine's worker processes, one a device. They start after the web server and stop before it. */
@Component
@Profile("api")
class LocalWorkers implements SmartLifecycle {

    private final WorkerCommand command;
    private final WorkerProperties properties;
    private final List<SupervisedWorker> workers = new ArrayList<>();

    LocalWorkers(WorkerCommand command, WorkerProperties properties) {
        this.command = command;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        for (int i = 0; i < properties.local(); i++) {
            SupervisedWorker worker = new SupervisedWorker(i, command);
            workers.add(worker);
            worker.start();
        }
    }

    @Override
    public synchronized void stop() {
        workers.forEach(SupervisedWorker::requestStop);
        workers.forEach(SupervisedWorker::awaitStop);
        workers.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !workers.isEmpty();
    }
}
