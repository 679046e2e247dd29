package io.trainyard.security;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The names that a Host header may bear. A page of another site can have its own name resolve to this machine, and would then
 * be of one origin with the service (DNS rebinding); the Host header still bears that name.
 */
final class AllowedHosts implements Predicate<String> {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?::1]?|\\[?0:0:0:0:0:0:0:1]?");

    private final Set<String> names = new HashSet<>();
    private final boolean any;

    AllowedHosts(SecurityProperties properties) {
        properties.allowedHosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        // A browser sends another name's pages neither the session's cookie nor a key.
        any = names.isEmpty() && properties.isRequired();
    }

    @Override
    public boolean test(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return any || LOOPBACK.matcher(name).matches() || names.contains(name);
    }
}
