package io.trainyard.device;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class NoGpuAnalyzer extends AbstractFailureAnalyzer<NoGpuException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NoGpuException cause) {
        return new FailureAnalysis(
                cause.getMessage() + ".",
                "With trainyard.device.backend=auto a worker without a GPU trains on the CPU.",
                cause);
    }
}
