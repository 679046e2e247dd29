package io.trainyard.serving;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Gives problems the form that clients of TensorFlow Serving and of the Open Inference Protocol know; statuses and headers stay. */
@RestControllerAdvice
@Profile("api")
class ProtocolErrors implements ResponseBodyAdvice<Object> {

    private static final Pattern PATH = Pattern.compile("/v1/models/.*|/v2(/.*)?");

    /** What both say of an error. */
    record ProtocolError(@Nullable String error) {}

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ProblemDetail problem
                && PATH.matcher(request.getURI().getPath()).matches()) {
            response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
            return new ProtocolError(problem.getDetail());
        }
        return body;
    }
}
