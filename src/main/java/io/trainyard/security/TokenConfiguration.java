package io.trainyard.security;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Tokens of an OAuth 2 server (RFC 9068): of the one issuer, for this audience, with an end, signed by one of the algorithms that are
 * named. Spring Boot's own decoder takes whatever algorithm the issuer's keys allow.
 */
@Configuration(proxyBeanMethods = false)
@Profile("api")
@ConditionalOnProperty(TokenConfiguration.ISSUER)
class TokenConfiguration {

    static final String PREFIX = "spring.security.oauth2.resourceserver.jwt.";
    static final String ISSUER = PREFIX + "issuer-uri";

    /** As RFC 9068 wants it, and as servers wrote it before and still do. */
    private static final List<String> TYPES = List.of("at+jwt", "application/at+jwt", "JWT");

    @Bean
    JwtDecoder jwtDecoder(OAuth2ResourceServerProperties properties) {
        OAuth2ResourceServerProperties.Jwt jwt = properties.getJwt();
        String issuer = String.valueOf(jwt.getIssuerUri());
        List<String> audiences = jwt.getAudiences();
        if (audiences.isEmpty()) {
            throw new IllegalArgumentException(
                    PREFIX + "audiences must name this service as the issuer does: without it"
                            + " a token for any of the issuer's other services would be taken here.");
        }
        List<SignatureAlgorithm> algorithms = jwt.getJwsAlgorithms().stream()
                .map(TokenConfiguration::algorithm)
                .toList();
        JwtTimestampValidator times = new JwtTimestampValidator();
        times.setAllowEmptyExpiryClaim(false);
        JwtTypeValidator types = new JwtTypeValidator(TYPES);
        types.setAllowEmpty(true);
        DelegatingOAuth2TokenValidator<Jwt> validator = new DelegatingOAuth2TokenValidator<>(
                new JwtIssuerValidator(issuer), times, types, token -> audience(token, audiences));
        // The issuer need not be there when this service starts.
        return new SupplierJwtDecoder(() -> {
            NimbusJwtDecoder decoder = (jwt.getJwkSetUri() == null
                            ? NimbusJwtDecoder.withIssuerLocation(issuer)
                            : NimbusJwtDecoder.withJwkSetUri(jwt.getJwkSetUri()))
                    .jwsAlgorithms(allowed -> {
                        allowed.clear();
                        allowed.addAll(algorithms);
                    })
                    .build();
            decoder.setJwtValidator(validator);
            return decoder;
        });
    }

    private static SignatureAlgorithm algorithm(String name) {
        SignatureAlgorithm algorithm = SignatureAlgorithm.from(name);
        if (algorithm == null) {
            throw new IllegalArgumentException(PREFIX + "jws-algorithms: '" + name
                    + "' is no algorithm with a public key, such as RS256 or ES256.");
        }
        return algorithm;
    }

    private static OAuth2TokenValidatorResult audience(Jwt token, List<String> audiences) {
        return token.getAudience() != null && token.getAudience().stream().anyMatch(audiences::contains)
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", "for another audience", null));
    }
}
