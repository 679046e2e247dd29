package io.trainyard.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class OpenToOthersAnalyzer extends AbstractFailureAnalyzer<OpenToOthersException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, OpenToOthersException cause) {
        return new FailureAnalysis(
                cause.setting() + " is " + cause.address()
                        + ", which other machines can reach, and nobody would be asked who they are: everybody there could"
                        + " read, train and delete everything.",
                "Set trainyard.security.authentication=required (TRAINYARD_SECURITY_AUTHENTICATION=required), and make the"
                        + " first key with: java -jar trainyard.jar keys create --role=admin --name=first --owner=ops\n"
                        + "Or listen on this machine alone: " + cause.setting() + "=127.0.0.1.",
                cause);
    }
}
