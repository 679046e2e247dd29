package io.trainyard.platform;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Bounds the size of every body, announced or not: reading past the limit is a 413. Bodies of several parts are for
 * uploads alone, which bound them.
 */
@Component
@Profile("api")
class BodySizeFilter extends OncePerRequestFilter {

    private static final Pattern UPLOAD = Pattern.compile("/api/v1/(models|datasets)/[^/]+/versions");

    private final PlatformProperties properties;
    private final HandlerExceptionResolver errors;

    BodySizeFilter(
            PlatformProperties properties, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        this.properties = properties;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isMultipart(request) && !isUpload(request)) {
            // Its parts would be read past this filter.
            errors.resolveException(
                    request,
                    response,
                    null,
                    new ProblemException(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "This operation does not take a body of several parts."));
            return;
        }
        DataSize limit = isToPredict(path(request)) ? properties.maxPredictBodySize() : properties.maxBodySize();
        chain.doFilter(new BoundedRequest(request, limit), response);
    }

    private static boolean isMultipart(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    private static boolean isUpload(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && UPLOAD.matcher(path(request)).matches();
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    /** In the other protocols addresses end in the verb. */
    private static boolean isToPredict(String path) {
        return path.equals("/predict")
                || path.endsWith(":predict")
                || (path.startsWith("/v2/") && path.endsWith("/infer"));
    }

    private static final class BoundedRequest extends HttpServletRequestWrapper {

        private final DataSize limit;

        BoundedRequest(HttpServletRequest request, DataSize limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), limit, getContentLengthLong());
        }
    }

    private static final class BoundedStream extends ServletInputStream {

        private final ServletInputStream in;
        private final DataSize limit;
        private final long announced;
        private long count;

        BoundedStream(ServletInputStream in, DataSize limit, long announced) {
            this.in = in;
            this.limit = limit;
            this.announced = announced;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0) {
                add(1);
            }
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                add(n);
            }
            return n;
        }

        private void add(int n) {
            count += n;
            if (count > limit.toBytes() || announced > limit.toBytes()) {
                throw new ProblemException(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "The body has more than " + limit.toBytes() + " bytes, the limit of this operation.");
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
