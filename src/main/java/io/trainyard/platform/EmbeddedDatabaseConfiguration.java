package io.trainyard.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A process that is not a worker starts a PostgreSQL of its own, unless {@code spring.datasource.url} names one. */
@Configuration(proxyBeanMethods = false)
@Profile("!worker")
@Conditional(EmbeddedDatabaseConfiguration.NoDatabaseGiven.class)
class EmbeddedDatabaseConfiguration {

    @Bean
    @Profile("!backup & !keys")
    EmbeddedDatabase embeddedDatabase(PlatformProperties properties) {
        return new EmbeddedDatabase(properties.dataDir());
    }

    @Bean
    @Profile("!backup & !keys")
    FlywayConnectionDetails migrationRole(EmbeddedDatabase database) {
        return database.migrationRole();
    }

    /** That of the service, where it runs. */
    @Bean
    @Profile("backup | keys")
    JdbcConnectionDetails databaseOfService(PlatformProperties properties) throws IOException {
        if (!Files.exists(properties.dataDir().resolve("postgres"))) {
            throw new IllegalArgumentException("There is no database in "
                    + properties.dataDir().toAbsolutePath().normalize()
                    + ": set TRAINYARD_DATA_DIR, or SPRING_DATASOURCE_URL.");
        }
        if (!Files.exists(EmbeddedDatabase.passwordFile(properties.dataDir()))) {
            throw new IllegalArgumentException("What is in "
                    + properties.dataDir().toAbsolutePath().normalize()
                    + " is of an earlier release: start the service of this one on it first.");
        }
        Optional<JdbcConnectionDetails> running = RunningDatabase.find(properties.dataDir());
        return running.isPresent() ? running.get() : new EmbeddedDatabase(properties.dataDir());
    }

    static class NoDatabaseGiven extends NoneNestedConditions {

        NoDatabaseGiven() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("spring.datasource.url")
        static class DatabaseGiven {}
    }
}
