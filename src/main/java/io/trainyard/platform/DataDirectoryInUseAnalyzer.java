package io.trainyard.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class DataDirectoryInUseAnalyzer extends AbstractFailureAnalyzer<DataDirectoryInUseException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DataDirectoryInUseException cause) {
        return new FailureAnalysis(
                "Another Trainyard (" + cause.owner() + ") is running on the data directory " + cause.directory()
                        + ". It goes on unharmed.",
                "Use the one that runs, stop it first, or give this one a directory of its own with"
                        + " TRAINYARD_DATA_DIR (and a port with SERVER_PORT).",
                cause);
    }
}
