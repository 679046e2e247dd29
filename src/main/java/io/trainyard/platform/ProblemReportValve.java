package io.trainyard.platform;

import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers in our form what Tomcat refuses before any of our code sees it, such as an address that is no URI. Tomcat makes
 * it by the class's name.
 */
public class ProblemReportValve extends ErrorReportValve {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNREADABLE =
            "The request could not be read as HTTP; check the address and the headers.";
    private static final String FAULT =
            "The service met a fault of its own; quote the X-Request-Id of this answer to its operator.";

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = status < 500 ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL_ERROR;
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", type.uri().toString());
        problem.put("title", type.title());
        problem.put("status", status);
        problem.put("detail", status < 500 ? UNREADABLE : FAULT);
        if (request.getRequestURI() != null) {
            problem.put("instance", request.getRequestURI());
        }
        try {
            if (response.getHeader("X-Request-Id") == null) {
                response.setHeader("X-Request-Id", UUID.randomUUID().toString());
            }
            response.setContentType("application/problem+json");
            response.getResponse().getOutputStream().write(JSON.writeValueAsBytes(problem));
            response.finishResponse();
        } catch (IOException | IllegalStateException clientGone) {
            container.getLogger().debug("not reported", clientGone);
        }
    }
}
