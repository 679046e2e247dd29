package io.trainyard.platform.connector;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/** The body of a request, whoever reads it: as a stream, as parameters, as parts. */
final class PatientBody implements InputBuffer {

    private final InputBuffer in;
    private @Nullable Patience patience;

    PatientBody(InputBuffer in) {
        this.in = in;
    }

    void setPatience(Patience patience) {
        this.patience = patience;
    }

    /**
     * @throws ProblemException BODY_TOO_SLOW
     */
    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        Patience reading = patience;
        if (reading == null) {
            return in.doRead(handler);
        }
        reading.readingBody(true);
        try {
            int n = in.doRead(handler);
            if (n < 0) {
                reading.getUp();
            }
            return n;
        } catch (SocketTimeoutException slow) {
            throw new ProblemException(
                    ProblemType.BODY_TOO_SLOW,
                    "The body did not arrive in time; while many clients are slow, there is little. Send it anew.");
        } finally {
            reading.readingBody(false);
        }
    }

    @Override
    public int available() {
        return in.available();
    }

    /** The request has ended. */
    void end() {
        if (patience != null) {
            patience.begin();
        }
    }
}
