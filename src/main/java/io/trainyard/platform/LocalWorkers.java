package io.trainyard.platform;

import io.trainyard.device.Devices;
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
    private final Devices devices;
    private final List<SupervisedWorker> workers = new ArrayList<>();

    LocalWorkers(WorkerCommand command, WorkerProperties properties, Devices devices) {
        this.command = command;
        this.properties = properties;
        this.devices = devices;
    }

    @Override
    public synchronized void start() {
        for (WorkerSlot slot :
                WorkerSlot.of(properties, devices.usable(), Runtime.getRuntime().availableProcessors())) {
            SupervisedWorker worker = new SupervisedWorker(slot, command);
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
