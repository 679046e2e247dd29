package io.trainyard.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Migrations use connections of their own, with the pool's properties but without its limit: building an index may take
 * longer than an answer of PostgreSQL is waited for. A {@code spring.flyway.url} or {@code .user} has priority.
 */
@Configuration(proxyBeanMethods = false)
class MigrationConfiguration {

    /** A worker's role cannot migrate; it begins when an API process has. */
    @Bean
    @Profile("worker")
    FlywayMigrationStrategy schemaOfThisRelease() {
        return flyway -> {
            MigrationInfo[] pending = flyway.info().pending();
            if (pending.length > 0) {
                throw new SchemaBehindException(pending[0].getVersion().toString());
            }
        };
    }

    /** Also where the settings that it shares with the API name the role that can. */
    @Bean
    @Profile("worker")
    FlywayConfigurationCustomizer lookAtTheSchema(DataSource dataSource) {
        return flyway -> flyway.dataSource(dataSource);
    }

    @Bean
    FlywayConfigurationCustomizer migrationConnections(JdbcConnectionDetails database) {
        return flyway -> {
            if (flyway.getDataSource() instanceof HikariDataSource pool) {
                DriverManagerDataSource connections = new DriverManagerDataSource(database.getJdbcUrl());
                connections.setUsername(database.getUsername());
                connections.setPassword(database.getPassword());
                Properties properties = new Properties();
                properties.putAll(pool.getDataSourceProperties());
                properties.remove("socketTimeout");
                connections.setConnectionProperties(properties);
                flyway.dataSource(connections);
            }
        };
    }
}
