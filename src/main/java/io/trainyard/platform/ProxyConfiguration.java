package io.trainyard.platform;

import java.util.List;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Takes the client's address, scheme and host from {@code X-Forwarded-*}, where a declared proxy says so, and only there. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
class ProxyConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> trustedProxies(ProxyProperties properties) {
        return factory -> {
            if (!properties.trustedProxies().isEmpty()) {
                factory.addEngineValves(forwarded(properties.trustedProxies()));
            }
        };
    }

    private static RemoteIpValve forwarded(List<String> proxies) {
        RemoteIpValve valve = new RemoteIpValve();
        // Instead of Tomcat's own, which are all private ranges.
        valve.setInternalProxies(String.join(",", proxies));
        valve.setRemoteIpHeader("X-Forwarded-For");
        valve.setProtocolHeader("X-Forwarded-Proto");
        valve.setHostHeader("X-Forwarded-Host");
        valve.setPortHeader("X-Forwarded-Port");
        return valve;
    }
}
