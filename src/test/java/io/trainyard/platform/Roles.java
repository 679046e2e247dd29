package io.trainyard.platform;

import io.trainyard.Service;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Connections to the shared service's PostgreSQL, in either role. */
final class Roles {

    private Roles() {}

    /** As the owner of the schema. */
    static DriverManagerDataSource migration(String database) {
        MigrationRole role = Service.shared().bean(EmbeddedDatabase.class).migrationRole();
        return new DriverManagerDataSource(url(database), role.getUsername(), role.getPassword());
    }

    /** As the program that runs. */
    static DriverManagerDataSource application(String database) {
        EmbeddedDatabase role = Service.shared().bean(EmbeddedDatabase.class);
        return new DriverManagerDataSource(url(database), role.getUsername(), role.getPassword());
    }

    private static String url(String database) {
        String url = Service.shared().bean(EmbeddedDatabase.class).getJdbcUrl();
        return url.replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
    }
}
