package io.trainyard.security;

import io.trainyard.access.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Controllers say that they need the {@link Actor} by taking one. */
final class ActorArgument implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Actor.class;
    }

    @Override
    public Actor resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return current();
    }

    /** Who sends the request that this thread answers. */
    static Actor current() {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof ActorAuthentication known) {
            return known.getPrincipal();
        }
        throw new IllegalStateException("an operation that is open to all must not ask who calls it");
    }
}
