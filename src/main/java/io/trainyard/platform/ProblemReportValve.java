package io.trainyard.platform;

import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * Answers in our form what Tomcat refuses before any of our code sees it, such as an address that is no URI. Tomcat makes
 * it by the class's name.
 */
public class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = status < 500 ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL_ERROR;
        String problem = String.format(
                "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,"
                        + "\"detail\":\"The request could not be read as HTTP; check the address and the headers.\"}",
                type.uri(), type.title(), status);
        try {
            if (response.getHeader("X-Request-Id") == null) {
                response.setHeader("X-Request-Id", UUID.randomUUID().toString());
            }
            response.setContentType("application/problem+json");
            response.getResponse().getOutputStream().write(problem.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException | IllegalStateException clientGone) {
            container.getLogger().debug("not reported", clientGone);
        }
    }
}
