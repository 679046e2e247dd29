package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.Service;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The role that the program runs as reads and writes rows; what more PostgreSQL can do it refuses to it. */
class ApplicationPrivilegesTest {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final JdbcClient owner = JdbcClient.create(Roles.migration("postgres"));
    private static final JdbcClient program = Service.shared().bean(JdbcClient.class);

    @BeforeAll
    static void recordWhatIsNotToBeForged() {
        owner.sql("""
                create table deed (id bigint generated always as identity primary key, what text not null);
                comment on table deed is 'for this test, append-only';
                create function seal() returns trigger language plpgsql as $$ begin return null; end $$;
                create trigger seal after insert on deed for each row execute function seal();
                """).update();
        Service.shared().bean(Flyway.class).migrate();
        program.sql("insert into deed (what) values ('done')").update();
    }

    @AfterAll
    static void drop() {
        owner.sql("drop table deed; drop function seal()").update();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update deed set what = 'undone'",
                "delete from deed",
                "truncate deed",
                "insert into deed (what) values ('done') on conflict (id) do update set what = 'undone'",
                "select * from deed for update",
                "alter table deed disable trigger seal",
                "alter table deed add column more text",
                "comment on table deed is ''",
                "drop table deed",
                "grant update on deed to trainyard; update deed set what = 'undone'",
                "create trigger mine after insert on deed for each row execute function seal()",
                "create or replace function seal() returns trigger language plpgsql as $$ begin return null; end $$",
                "create table mine (id bigint)",
                "create temporary table deed (id bigint)",
                "create view mine as select * from deed",
                "create schema mine",
                "create schema trainyard",
                "create database mine",
                "create role mine",
                "alter role trainyard superuser",
                "update audit_event set actor = 'somebody else'",
                "delete from audit_event",
                "truncate audit_event",
                "truncate job cascade",
                "alter table job disable trigger job_changed",
                "update flyway_schema_history set success = false",
                "delete from flyway_schema_history",
                "set role postgres",
                "set session_replication_role = replica",
                "alter system set fsync = off",
                "select * from pg_authid",
                "copy deed to program 'cat'",
                "copy deed (what) from program 'id'",
                "copy deed (what) from '/etc/passwd'",
                "copy deed to '/tmp/deed'",
                "select pg_read_file('postgresql.conf')",
                "select pg_ls_dir('.')",
                "select lo_import('/etc/passwd')",
                "select pg_reload_conf()",
            })
    void isRefused(String statement) {
        assertRefused(() -> program.sql(statement).update());
        assertThat(program.sql("select what from deed").query(String.class).list())
                .containsExactly("done");
    }

    @Test
    void roleOfAnyNameGetsWhatItNeedsAndKeepsNothingElse() {
        DriverManagerDataSource odd = Roles.application("granted");
        odd.setUsername("Odd \"one\"; it's");
        odd.setPassword("odd");
        owner.sql("create role \"Odd \"\"one\"\"; it's\" login password 'odd'").update();
        owner.sql("create database granted").update();
        try {
            DriverManagerDataSource granted = Roles.migration("granted");
            JdbcClient schema = JdbcClient.create(granted);
            schema.sql("grant create on schema public to public").update();
            Flyway flyway = Flyway.configure()
                    .dataSource(granted)
                    .callbacks(new ApplicationPrivileges(odd))
                    .load();
            flyway.migrate();
            schema.sql("grant all on flyway_schema_history, job to \"Odd \"\"one\"\"; it's\"")
                    .update();
            flyway.migrate();

            JdbcClient jdbc = JdbcClient.create(odd);
            assertThat(jdbc.sql("insert into dataset values ('iris', 1)").update())
                    .isEqualTo(1);
            assertThat(jdbc.sql("update dataset set versions = 2").update()).isEqualTo(1);
            assertThat(jdbc.sql("delete from dataset").update()).isEqualTo(1);
            assertThat(jdbc.sql("select nextval('queue_entry_version')")
                            .query(Long.class)
                            .single())
                    .isPositive();
            assertThat(jdbc.sql("select count(*) from flyway_schema_history")
                            .query(Long.class)
                            .single())
                    .isPositive();
            assertRefused(() ->
                    jdbc.sql("update flyway_schema_history set success = false").update());
            assertRefused(() -> jdbc.sql("truncate job cascade").update());
            assertRefused(() -> jdbc.sql("create table mine (id bigint)").update());
        } finally {
            owner.sql("drop database granted").update();
            owner.sql("drop role \"Odd \"\"one\"\"; it's\"").update();
        }
    }

    @Test
    void oneRoleForAllKeepsWhatItHas() {
        owner.sql("create database granted").update();
        try {
            DriverManagerDataSource granted = Roles.migration("granted");
            Flyway.configure()
                    .dataSource(granted)
                    .callbacks(new ApplicationPrivileges(granted))
                    .load()
                    .migrate();

            assertThat(JdbcClient.create(granted)
                            .sql(
                                    "select count(*) from pg_class where relacl is not null and relnamespace = 'public'::regnamespace")
                            .query(Long.class)
                            .single())
                    .isZero();
        } finally {
            owner.sql("drop database granted").update();
        }
    }

    private static void assertRefused(ThrowingCallable statement) {
        assertThatThrownBy(statement).rootCause().isInstanceOfSatisfying(SQLException.class, e -> assertThat(
                        e.getSQLState())
                .isEqualTo(INSUFFICIENT_PRIVILEGE));
    }
}
