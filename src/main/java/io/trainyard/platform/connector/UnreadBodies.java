package io.trainyard.platform.connector;

import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Reads, once a request has been answered, what nobody has read of its body: a client that still sends comes to read the answer, but
 * Tomcat would wait for it with whatever patience it takes.
 */
final class UnreadBodies implements Adapter {

    private final Adapter adapter;
    private final int limit;

    /**
     * @param limit of the bytes that are read; with more to come the connection is closed
     */
    UnreadBodies(Adapter adapter, int limit) {
        this.adapter = adapter;
        this.limit = limit;
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        try {
            adapter.service(request, response);
        } finally {
            end(request);
        }
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
        try {
            return adapter.asyncDispatch(request, response, event);
        } finally {
            end(request);
        }
    }

    private void end(Request request) {
        if (is(ActionCode.ASYNC_IS_ASYNC, request)) {
            return;
        }
        if (!is(ActionCode.IS_ERROR, request) && !is(ActionCode.REQUEST_BODY_FULLY_READ, request)) {
            drain(request);
        }
        if (request.getInputBuffer() instanceof PatientBody body) {
            body.end();
        }
    }

    private static boolean is(ActionCode question, Request request) {
        AtomicBoolean answer = new AtomicBoolean();
        request.action(question, answer);
        return answer.get();
    }

    private void drain(Request request) {
        // Who still waits to be told to go on sends nothing.
        boolean waits = request.hasExpectation() && request.getBytesRead() == 0;
        if (waits || !reachesEnd(request)) {
            request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private boolean reachesEnd(Request request) {
        Discarded discarded = new Discarded();
        try {
            for (int left = limit; left >= 0; ) {
                int n = request.doRead(discarded);
                if (n < 0) {
                    return true;
                }
                left -= n;
            }
            return false;
        } catch (IOException | ProblemException slow) {
            return false;
        }
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return adapter.prepare(request, response);
    }

    @Override
    public void log(Request request, Response response, long time) {
        adapter.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        adapter.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return adapter.getDomain();
    }

    /** Takes Tomcat's buffers, and lets them be. */
    private static final class Discarded implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        /** Nothing is gathered. */
        @Override
        public void expand(int size) {}
    }
}
