package io.trainyard.security;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.lang3.Strings;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/** Scripts send the token in a header, forms in a field; the parts of an upload are not read for one. */
final class SessionCsrfRequests extends CsrfTokenRequestAttributeHandler {

    @Override
    public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
        String header = request.getHeader(token.getHeaderName());
        return header != null
                        || !Strings.CI.startsWith(request.getContentType(), MediaType.APPLICATION_FORM_URLENCODED_VALUE)
                ? header
                : request.getParameter(token.getParameterName());
    }
}
