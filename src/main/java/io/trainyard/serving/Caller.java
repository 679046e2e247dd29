package io.trainyard.serving;

import io.grpc.Context;
import io.trainyard.rollout.Rollout;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;
import org.apache.commons.lang3.StringUtils;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who asks, in the request that this thread answers.
 *
 * @param requestId the answer's X-Request-Id
 * @param key which requests belong together
 */
record Caller(String requestId, String key) {

    /** Requests with the same key are on the same side of a rollout. */
    static final String KEY = "X-Rollout-Key";

    /** Who asks by gRPC. */
    static final Context.Key<Caller> BY_GRPC = Context.key("caller");

    private static final String REQUEST_ID = "X-Request-Id";
    private static final double HASHES = 0x1p32;

    static Caller current() {
        Caller byGrpc = BY_GRPC.get();
        if (byGrpc != null) {
            return byGrpc;
        }
        ServletRequestAttributes attributes =
                (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        HttpServletResponse response = attributes.getResponse();
        String id = response == null ? "" : StringUtils.defaultString(response.getHeader(REQUEST_ID));
        return new Caller(id, StringUtils.defaultIfEmpty(attributes.getRequest().getHeader(KEY), id));
    }

    /** Whether it is in the share of the requests that the candidate takes part in: the same in every process. */
    boolean takesPartIn(Rollout rollout) {
        byte[] draw = (rollout.id() + "/" + key).getBytes(StandardCharsets.UTF_8);
        return Integer.toUnsignedLong(MurmurHash3.hash32x86(draw)) < rollout.weight() * HASHES;
    }
}
