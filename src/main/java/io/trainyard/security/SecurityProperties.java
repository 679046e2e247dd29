package io.trainyard.security;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.security.*}.
 *
 * @param authentication whether requests must say who sends them
 * @param allowedHosts names that a Host header may bear, besides those of the loopback; none for any, where authentication is
 *     required
 * @param sessionLifetime for how long a browser that was shown a key is let in
 * @param roleClaim of an OAuth 2 token: one of the five roles, or a list that holds some
 * @param ownerClaim of an OAuth 2 token
 */
@ConfigurationProperties("trainyard.security")
record SecurityProperties(
        @DefaultValue("none") Authentication authentication,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("12h") Duration sessionLifetime,
        @DefaultValue("trainyard_role") String roleClaim,
        @DefaultValue("sub") String ownerClaim) {

    /** Whether requests must say who sends them. */
    enum Authentication {
        /** Everybody who reaches the port may do everything: for loopback alone. */
        NONE,
        /** By API key, or by OAuth 2 token where an issuer is set. */
        REQUIRED
    }

    boolean isRequired() {
        return authentication == Authentication.REQUIRED;
    }
}
