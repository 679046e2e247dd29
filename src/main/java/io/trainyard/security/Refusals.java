package io.trainyard.security;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Tells those who are not let in what to do, in the form that they would have been answered in; people log in first. */
@Component
@Profile("api")
class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    private static final String CHALLENGE = "Bearer realm=\"trainyard\"";

    private final AllowedHosts hosts;
    private final FilterAnswers answers;

    Refusals(SecurityProperties properties, FilterAnswers answers) {
        this.hosts = new AllowedHosts(properties);
        this.answers = answers;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
            throws IOException, ServletException {
        boolean bad = refused instanceof InvalidBearerTokenException;
        if (!bad && isPage(request)) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader(HttpHeaders.LOCATION, request.getContextPath() + "/login?next=" + wanted(request));
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, bad ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
        answer(
                request,
                response,
                ProblemType.UNAUTHENTICATED,
                bad
                        ? "The key or token is not good: mistyped, revoked or expired."
                        : "Send an API key or a token, as the header Authorization: Bearer …");
    }

    private static boolean isPage(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET")
                && accepted != null
                && accepted.contains(MediaType.TEXT_HTML_VALUE)
                && request.getHeader("HX-Request") == null;
    }

    private static String wanted(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        String query = request.getQueryString();
        return UriUtils.encode(query == null ? path : path + "?" + query, StandardCharsets.UTF_8);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException, ServletException {
        if (denied instanceof CsrfException) {
            answer(
                    request,
                    response,
                    ProblemType.CROSS_SITE_REQUEST,
                    "The request does not show that it comes from a page of this session: load the page anew.");
            return;
        }
        String wanted = denied instanceof AuthorizationDeniedException decided
                        && decided.getAuthorizationResult() instanceof OperationRules.Refusal refusal
                ? "This needs the role " + refusal.wanted() + "."
                : "This is open to nobody.";
        answer(request, response, ProblemType.FORBIDDEN, wanted);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException rejected)
            throws IOException, ServletException {
        boolean host = !hosts.test(request.getServerName());
        answer(
                request,
                response,
                host ? ProblemType.FOREIGN_HOST : ProblemType.MALFORMED_REQUEST,
                host
                        ? "The Host header names none of this service's hosts; its operator lists them in"
                                + " trainyard.security.allowed-hosts."
                        : "The address or a header holds what none of this service's does: an encoded or doubled slash,"
                                + " '..', ';', a control character.");
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException, ServletException {
        answers.answer(request, response, new ProblemException(type, detail));
    }
}
