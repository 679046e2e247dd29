package io.trainyard.web;

import io.trainyard.access.Actor;
import io.trainyard.access.Role;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who looks at a page, for the templates; also at those that tell of errors, where it may be nobody. */
@Component("visitor")
@Profile("api")
class Visitor {

    private static final String NO_SESSION = "none";

    /** Null where it is nobody known. */
    public @Nullable Actor actor() {
        var known = SecurityContextHolder.getContext().getAuthentication();
        return known != null && known.getPrincipal() instanceof Actor actor ? actor : null;
    }

    public boolean isAdmin() {
        Actor actor = actor();
        return actor != null && actor.may(Role.ADMIN);
    }

    /** Whether a key was shown, so that one can log out. */
    public boolean isLoggedIn() {
        return !csrf().equals(NO_SESSION);
    }

    /** The beginning of a curl that does what the page does; the key itself the reader's shell knows. */
    String curl() {
        return isLoggedIn() ? "curl -H \"Authorization: Bearer $TRAINYARD_KEY\"" : "curl";
    }

    /** What the page's own requests must bear. */
    public String csrf() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return NO_SESSION;
        }
        HttpServletRequest request = attributes.getRequest();
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
                ? token.getToken()
                : NO_SESSION;
    }
}
