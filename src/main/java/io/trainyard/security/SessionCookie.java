package io.trainyard.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/** How a browser shows its session: a cookie that no script reads and that no other site's page has sent. */
final class SessionCookie {

    /** What the session's own pages send in a header; Swagger UI takes it from here. It shows nothing but that. */
    static final String CSRF = "trainyard_csrf";

    private SessionCookie() {}

    /** Over TLS no other host, and no plain HTTP, can set a cookie of the first name (RFC 6265bis, 4.1.3). */
    private static String name(HttpServletRequest request) {
        return request.isSecure() && request.getContextPath().isEmpty()
                ? "__Host-trainyard_session"
                : "trainyard_session";
    }

    static @Nullable String of(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, name(request));
        return cookie == null ? null : cookie.getValue();
    }

    static void begin(HttpServletRequest request, HttpServletResponse response, String token, Duration lifetime) {
        add(request, response, name(request), token, true, lifetime);
        add(request, response, CSRF, Sessions.csrfToken(token), false, lifetime);
    }

    static void end(HttpServletRequest request, HttpServletResponse response) {
        add(request, response, name(request), "", true, Duration.ZERO);
        add(request, response, CSRF, "", false, Duration.ZERO);
    }

    private static void add(
            HttpServletRequest request,
            HttpServletResponse response,
            String name,
            String value,
            boolean httpOnly,
            Duration age) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name, value)
                        .httpOnly(httpOnly)
                        .secure(request.isSecure())
                        .sameSite("Strict")
                        .path(request.getContextPath().isEmpty() ? "/" : request.getContextPath())
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
