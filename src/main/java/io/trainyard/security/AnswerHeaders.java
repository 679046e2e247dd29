package io.trainyard.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * What browsers are told with every answer: everything comes from here and nothing is inline (https://www.w3.org/TR/CSP3/), no
 * other page may frame or read it, and, over TLS, plain HTTP is no more to be tried.
 */
final class AnswerHeaders {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src %s; img-src 'self' data: blob:; connect-src 'self';"
                    + " worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final HeaderWriter PAGES = new ContentSecurityPolicyHeaderWriter(String.format(POLICY, "'self'"));

    /** Swagger UI's logo brings a style of its own, which is allowed by its hash. */
    private static final HeaderWriter SWAGGER = new ContentSecurityPolicyHeaderWriter(
            String.format(POLICY, "'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"));

    private static final RequestMatcher OF_SWAGGER =
            PathPatternRequestMatcher.withDefaults().matcher("/swagger-ui/**");

    private AnswerHeaders() {}

    static void write(HeadersConfigurer<HttpSecurity> headers) {
        headers.addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(OF_SWAGGER, SWAGGER))
                .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(new NegatedRequestMatcher(OF_SWAGGER), PAGES))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.SAME_ORIGIN))
                .crossOriginOpenerPolicy(policy ->
                        policy.policy(CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(policy ->
                        policy.policy(CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(
                        policy -> policy.policy("camera=(), microphone=(), geolocation=(), payment=(), usb=()"));
    }
}
