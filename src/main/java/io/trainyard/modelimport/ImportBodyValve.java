package io.trainyard.modelimport;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Bounds the body of an import while it arrives. Tomcat writes parts to disk past every servlet filter, with one limit for all
 * operations: that of datasets, which may be much larger.
 */
final class ImportBodyValve extends ValveBase {

    private static final Pattern IMPORT = Pattern.compile("/api/v1/models/[^/]+/versions");

    private final long limit;

    ImportBodyValve(long limit) {
        super(true);
        this.limit = limit;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (!IMPORT.matcher(path).matches()) {
            getNext().invoke(request, response);
            return;
        }
        org.apache.coyote.Request connection = request.getCoyoteRequest();
        InputBuffer unbounded = connection.getInputBuffer();
        connection.setInputBuffer(new Bounded(unbounded, request.getContentLengthLong()));
        try {
            getNext().invoke(request, response);
        } finally {
            // The connection outlasts the request.
            connection.setInputBuffer(unbounded);
        }
    }

    private final class Bounded implements InputBuffer {

        private final InputBuffer in;
        private final long announced;
        private long count;

        Bounded(InputBuffer in, long announced) {
            this.in = in;
            this.announced = announced;
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) throws IOException {
            int read = announced > limit ? 0 : in.doRead(handler);
            count += Math.max(read, 0);
            if (announced > limit || count > limit) {
                throw new ProblemException(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "The body has more than " + limit + " bytes, the most that an import may have.");
            }
            return read;
        }

        @Override
        public int available() {
            return in.available();
        }
    }
}
