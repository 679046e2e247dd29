package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.Service;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The embedded PostgreSQL keeps what it has acknowledged, and lets nobody in without its password. */
class EmbeddedDatabaseTest {

    private final Service service = Service.shared();

    @Test
    void acknowledgedDataAreOnDisk() {
        JdbcClient jdbc = service.bean(JdbcClient.class);
        assertThat(jdbc.sql("show fsync").query(String.class).single()).isEqualTo("on");
        assertThat(jdbc.sql("show synchronous_commit").query(String.class).single())
                .isEqualTo("on");
        assertThat(jdbc.sql("show full_page_writes").query(String.class).single())
                .isEqualTo("on");
    }

    @Test
    void strangersOfThisMachineAreRefused() {
        JdbcConnectionDetails database = service.bean(JdbcConnectionDetails.class);
        assertThatThrownBy(() -> DriverManager.getConnection(database.getJdbcUrl(), "postgres", "guess")
                        .close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }
}
