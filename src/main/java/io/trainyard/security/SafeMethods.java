package io.trainyard.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** Methods that change nothing (RFC 9110, 9.2.1). */
final class SafeMethods {

    private static final Set<String> NAMES = Set.of("GET", "HEAD", "OPTIONS");

    private SafeMethods() {}

    static boolean has(HttpServletRequest request) {
        return NAMES.contains(request.getMethod());
    }
}
