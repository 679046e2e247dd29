package io.trainyard.platform;

import java.util.Objects;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Logs why the service does not start, or a command is not carried out, as one event, instead of Spring Boot's many lines. */
class StartFailureReport implements FailureAnalysisReporter {

    private static final Logger log = LoggerFactory.getLogger(StartFailureReport.class);
    private static final Pattern BREAK = Pattern.compile("\\s*\\R\\s*");

    @Override
    public void report(FailureAnalysis analysis) {
        log.debug("Trainyard stops.", analysis.getCause());
        log.error(
                "Trainyard stops. {} {}",
                inOneLine(analysis.getDescription()),
                inOneLine(Objects.requireNonNullElse(analysis.getAction(), "")));
    }

    private static String inOneLine(String text) {
        return BREAK.matcher(text.strip()).replaceAll(" ");
    }
}
