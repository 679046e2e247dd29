package io.trainyard.platform;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.security.*} of what stands before the service.
 *
 * @param trustedProxies addresses, or ranges of them such as {@code 10.1.0.0/16}, whose word about the client counts
 */
@ConfigurationProperties("trainyard.security")
record ProxyProperties(@DefaultValue List<String> trustedProxies) {

    /** An address in figures: a name would be looked up once, and trusted whatever it came to. */
    private static final Pattern RANGE =
            Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(/\\d{1,3})?");

    ProxyProperties {
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(ProxyProperties::check);
    }

    private static void check(String range) {
        try {
            if (RANGE.matcher(range).matches()) {
                new NetMask(range);
                return;
            }
        } catch (IllegalArgumentException invalid) {
            // Told below, in our words.
        }
        throw new IllegalArgumentException("trainyard.security.trusted-proxies: '" + range
                + "' is neither an IP address nor a range of them such as 10.1.0.0/16 or fd00::/8");
    }
}
