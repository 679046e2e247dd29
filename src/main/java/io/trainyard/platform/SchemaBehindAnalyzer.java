package io.trainyard.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class SchemaBehindAnalyzer extends AbstractFailureAnalyzer<SchemaBehindException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SchemaBehindException cause) {
        return new FailureAnalysis(
                cause.getMessage() + ".",
                "Start this release's API process first: it migrates the database. Then start this worker again.",
                cause);
    }
}
