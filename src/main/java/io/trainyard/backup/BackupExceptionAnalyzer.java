package io.trainyard.backup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has the commands end with a line, and not with the way to it. */
class BackupExceptionAnalyzer extends AbstractFailureAnalyzer<BackupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BackupException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
