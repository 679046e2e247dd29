package io.trainyard.setting;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class SettingFileAnalyzer extends AbstractFailureAnalyzer<SettingFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SettingFileException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Name a file that the service's user can read, and set either the variable or the one that ends in _FILE.",
                cause);
    }
}
