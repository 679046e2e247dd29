package io.trainyard.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The token that a session's own pages send: made of the session's secret, so that it is kept nowhere. */
final class SessionCsrfTokens implements CsrfTokenRepository {

    static final String HEADER = "X-CSRF-Token";
    private static final String PARAMETER = "_csrf";

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        String token = SessionFilter.token(request);
        return new DefaultCsrfToken(HEADER, PARAMETER, token == null ? "none" : Sessions.csrfToken(token));
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        // It follows from the session.
    }

    @Override
    public CsrfToken loadToken(HttpServletRequest request) {
        return generateToken(request);
    }
}
