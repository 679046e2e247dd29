/**
 * Who is let in by HTTP, and to what: API keys, OAuth 2 tokens, the page's sessions, the rule of each operation, and what a
 * browser must not be made to do.
 *
 * <p>Spring Security does it; this module says by whom and by which rules. What no rule allows is denied, and the
 * rules are in one place, {@code OperationRules}, which {@code docs/security.md} tells in a table.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Security",
        allowedDependencies = {"access", "audit", "problem"})
package io.trainyard.security;
