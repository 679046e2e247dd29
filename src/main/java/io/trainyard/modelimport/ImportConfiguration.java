package io.trainyard.modelimport;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.util.unit.DataSize;

@Configuration(proxyBeanMethods = false)
@Profile("api")
class ImportConfiguration {

    /** For the spec, and what is around the parts. */
    private static final DataSize BESIDE_THE_FILE = DataSize.ofMegabytes(1);

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedImports(ImportProperties properties) {
        long limit = properties.maxFileSize().toBytes() + BESIDE_THE_FILE.toBytes();
        return factory -> factory.addContextValves(new ImportBodyValve(limit));
    }
}
