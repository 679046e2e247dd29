package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.Service;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The embedded PostgreSQL keeps what it has acknowledged, lets nobody in without a password, and lets the program do no
 * more than it must.
 */
class EmbeddedDatabaseTest {

    private final Service service = Service.shared();
    private final JdbcClient owner = JdbcClient.create(Roles.migration("postgres"));

    @TempDir
    Path folder;

    @Test
    void acknowledgedDataAreOnDisk() {
        JdbcClient jdbc = service.bean(JdbcClient.class);
        assertThat(jdbc.sql("show fsync").query(String.class).single()).isEqualTo("on");
        assertThat(jdbc.sql("show synchronous_commit").query(String.class).single())
                .isEqualTo("on");
        assertThat(jdbc.sql("show full_page_writes").query(String.class).single())
                .isEqualTo("on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "trainyard"})
    void strangersOfThisMachineAreRefused(String role) {
        String url = service.bean(JdbcConnectionDetails.class).getJdbcUrl();
        for (String password : List.of("guess", "")) {
            assertThatThrownBy(() ->
                            DriverManager.getConnection(url, role, password).close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }

    @Test
    void onlyThisMachineAndOnlyWithAPassword() {
        assertThat(owner.sql("select distinct auth_method from pg_hba_file_rules")
                        .query(String.class)
                        .list())
                .containsExactly("scram-sha-256");
        assertThat(owner.sql("show listen_addresses").query(String.class).single())
                .isEqualTo("localhost");
        assertThat(owner.sql("show unix_socket_directories").query(String.class).single())
                .isEmpty();
    }

    @Test
    void filesAreOfThisUserAlone() throws IOException {
        Path cluster =
                Path.of(owner.sql("show data_directory").query(String.class).single());
        assertThat(permissions(cluster)).isEqualTo("rwx------");
        assertThat(permissions(cluster.resolveSibling("postgres-binaries"))).isEqualTo("rwx------");
        for (String file : List.of("postgres.password", "trainyard.password")) {
            assertThat(permissions(cluster.resolveSibling(file))).isEqualTo("rw-------");
            assertThat(Files.readString(cluster.resolveSibling(file))).hasSize(64);
        }
    }

    @Test
    void aWorkerHasTheRoleOfTheProgramAndNoPasswordIsOnItsCommandLine() throws IOException {
        JdbcConnectionDetails database = service.bean(JdbcConnectionDetails.class);
        Path worker = ProcessHandle.current()
                .descendants()
                .map(process -> Path.of("/proc", String.valueOf(process.pid())))
                .filter(process -> read(process, "cmdline").contains("--trainyard.role=worker"))
                .findFirst()
                .orElseThrow();

        assertThat(read(worker, "environ")).contains("SPRING_DATASOURCE_USERNAME=trainyard\0");
        String superuser = Roles.migration("postgres").getPassword();
        assertThat(read(worker, "environ")).doesNotContain(superuser);
        assertThat(read(worker, "cmdline")).doesNotContain(database.getPassword(), superuser);
    }

    /** As first releases made it, before they asked for passwords: everybody is let in, and the superuser owns everything. */
    @Test
    void directoryOfAnEarlierReleaseIsTakenOver() throws Exception {
        Path cluster = Files.createDirectories(folder.resolve("postgres"));
        try (EmbeddedPostgres earlier = EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .start()) {
            Flyway.configure().dataSource(earlier.getPostgresDatabase()).load().migrate();
            JdbcClient.create(earlier.getPostgresDatabase())
                    .sql("insert into dataset values ('kept', 1)")
                    .update();
        }

        assertTakenOver();

        // The releases after them asked for the superuser's.
        Files.delete(folder.resolve("trainyard.password"));
        assertTakenOver();
    }

    private void assertTakenOver() throws Exception {
        EmbeddedDatabase database = new EmbeddedDatabase(folder);
        try {
            MigrationRole migration = database.migrationRole();
            DataSource program =
                    new DriverManagerDataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword());
            DataSource schema = new DriverManagerDataSource(
                    database.getJdbcUrl(), migration.getUsername(), migration.getPassword());
            Flyway.configure()
                    .dataSource(schema)
                    .callbacks(new ApplicationPrivileges(program))
                    .load()
                    .migrate();

            JdbcClient jdbc = JdbcClient.create(program);
            assertThat(jdbc.sql("update dataset set versions = versions + 1 where name = 'kept'")
                            .update())
                    .isEqualTo(1);
            assertThat(jdbc.sql("select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles"
                                    + " where rolname = current_user")
                            .query(Boolean.class)
                            .single())
                    .isFalse();
            assertThatThrownBy(() -> DriverManager.getConnection(database.getJdbcUrl(), "postgres", "guess")
                            .close())
                    .hasMessageContaining("password");
            Optional<JdbcConnectionDetails> running = RunningDatabase.find(folder);
            assertThat(running)
                    .hasValueSatisfying(found -> assertThat(found.getPassword()).isEqualTo(database.getPassword()));
        } finally {
            database.destroy();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String read(Path process, String file) {
        try {
            return Files.readString(process.resolve(file));
        } catch (IOException ended) {
            return "";
        }
    }
}
