package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What an earlier release has stored, this one understands. */
class MigrationTest {

    private static final String JOB = "00000000-0000-0000-0000-00000000000";

    private final JdbcClient service = JdbcClient.create(Roles.migration("postgres"));
    private final DriverManagerDataSource upgraded = Roles.migration("upgraded");
    private final JdbcClient jdbc = JdbcClient.create(upgraded);

    @BeforeEach
    void create() {
        service.sql("create database upgraded").update();
    }

    @AfterEach
    void drop() {
        service.sql("drop database upgraded").update();
    }

    @Test
    void rowsOfTheFirstReleaseBecomeRowsOfThisOne() {
        migrate("1");
        jdbc.sql("""
                insert into dataset_version values ('%1$s9', 'iris', 1, 'abc', '{"classes": ["a", "b"]}', now());
                insert into job (id, model, status, spec, summary, dataset_version_id, labels, priority, attempt)
                values ('%1$s1', 'served', 'RUNNING', '{"training": {"epochs": 5}}', '{}', '%1$s9', '{}', 0, 1),
                       ('%1$s2', 'served', 'QUEUED', '{"training": {"epochs": 7}}', '{}', '%1$s9', '{}', 0, 0);
                insert into epoch_metrics values ('%1$s1', 1, 1, 0.5, 0.8, 0.6, 0.7, 0.1, 2, 50);
                insert into model values ('served', now());
                insert into model_version values ('served', 1, '%1$s1', 'iris', 1, 'abc', 7, '{}', '{}', '{}',
                    '["a", "b"]', '{"accuracy": 0.9}', 'def', 10, now());
                update job set status = 'SUCCEEDED', result_version = 1, finished_at = now() where id = '%1$s1';
                insert into idempotency_key values ('in-flight', 'abc', now(), null), ('answered', 'abc', now(), '{}'),
                    ('accepted', 'abc', now(), '{"spec": {}}');
                """.formatted(JOB)).update();
        migrate("latest");

        assertThat(text("select content #>> '{target,names,1}' from dataset_version"))
                .isEqualTo("b");
        assertThat(text("select target ->> 'type' from model_version")).isEqualTo("classes");
        assertThat(text("select evaluation ->> 'task' from model_version")).isEqualTo("classification");
        assertThat(text("select metrics ->> 'val_accuracy' from epoch_metrics")).isEqualTo("0.7");
        assertThat(text("select string_agg(epochs::text, ',' order by id) from job"))
                .isEqualTo("5,7");
        assertThat(text("select last_version::text from model")).isEqualTo("1");
        assertThat(text("select string_agg(owner, ',') from job")).isEqualTo("local,local");
        assertThat(text("select owner from model")).isEqualTo("local");
        // A built-in one, which is nobody's.
        assertThat(text("select coalesce(owner, 'nobody') from dataset")).isEqualTo("nobody");
        assertThat(text("select string_agg(owner, ',') from idempotency_key")).isEqualTo("local,local");
        assertThat(text("select string_agg(key, ',' order by key) from idempotency_key"))
                .isEqualTo("accepted,answered");
        assertThat(text("select response ->> 'kind' from idempotency_key where key = 'accepted'"))
                .isEqualTo("training");
        assertThat(text("select string_agg(kind, ',') from job")).isEqualTo("TRAINING,TRAINING");
        assertThat(text("select string_agg(status, ',' order by ordinal) from job_transition where job_id = '%s1'"
                        .formatted(JOB)))
                .isEqualTo("RUNNING,SUCCEEDED");
    }

    @Test
    void versionThatALiveJobGoesOnFromIsHeldAfterTheUpgrade() {
        migrate("5");
        String base = "{\"network\": {\"base\": {\"model\": \"served\", \"version\": 1}}}";
        jdbc.sql("""
                insert into dataset_version values ('%1$s9', 'iris', 1, 'abc', '{}', now());
                insert into job (id, model, status, spec, summary, dataset_version_id, labels, priority, epochs,
                    result_version, finished_at)
                values ('%1$s1', 'served', 'SUCCEEDED', '%2$s', '{}', '%1$s9', '{}', 0, 1, 1, now()),
                       ('%1$s2', 'served', 'QUEUED', '%2$s', '{}', '%1$s9', '{}', 0, 1, null, null),
                       ('%1$s3', 'served', 'QUEUED', '{"network": {}}', '{}', '%1$s9', '{}', 0, 1, null, null);
                insert into model (name, created_at) values ('served', now());
                insert into model_version (model, version, job_id, dataset_name, dataset_version, dataset_sha256, seed,
                    spec, summary, encoding, target, evaluation, artifact_sha256, artifact_bytes, created_at)
                values ('served', 1, '%1$s1', 'iris', 1, 'abc', 7, '{}', '{}', '{}', '{}', '{}', 'def', 10, now());
                """.formatted(JOB, base)).update();
        migrate("latest");

        assertThat(text("select string_agg(job_id::text, ',') from version_hold"))
                .isEqualTo(JOB + "2");
        jdbc.sql("update job set status = 'CANCELLED', finished_at = now() where id = '%s2'".formatted(JOB))
                .update();
        assertThat(text("select count(*)::text from version_hold")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
            TRAINING         | SUCCEEDED | {}   | null | {}
            TRAINING         | SUCCEEDED | {}   | null | null
            TRAINING         | QUEUED    | null | null | null
            TRAINING         | QUEUED    | {}   | 1    | null
            BATCH_PREDICTION | SUCCEEDED | null | 1    | null
            BATCH_PREDICTION | SUCCEEDED | null | null | null
            BATCH_PREDICTION | QUEUED    | {}   | null | null
            BATCH_PREDICTION | FAILED    | null | null | {}
            EVALUATION       | QUEUED    | null | null | null
            """)
    void jobWhoseResultIsNotOfItsKindIsRefused(
            String kind, String status, @Nullable String summary, @Nullable Integer version, @Nullable String result) {
        migrate("latest");
        jdbc.sql("insert into dataset values ('iris', 1)").update();
        jdbc.sql("insert into dataset_version values ('%1$s9', 'iris', 1, 'abc', '{}', now())".formatted(JOB))
                .update();
        assertThatThrownBy(() -> jdbc.sql("""
                        insert into job (id, kind, model, owner, status, spec, dataset_version_id, labels, priority,
                            epochs, summary, result_version, result)
                        values ('%1$s1', :kind, 'served', 'local', :status, '{}', '%1$s9', '{}', 0, 1,
                            cast(:summary as jsonb), cast(:version as integer), cast(:result as jsonb))""".formatted(JOB))
                        .param("kind", kind)
                        .param("status", status)
                        .param("summary", summary)
                        .param("version", version)
                        .param("result", result)
                        .update())
                .hasMessageContaining(kind.equals("EVALUATION") ? "job_kind_check" : "job_result");
    }

    @Test
    void aVersionIsOfAJobOrOfAFile() {
        migrate("latest");
        String columns = "model, version, summary, encoding, target, artifact_sha256, artifact_bytes, created_at";
        String values = "'imported', %d, '{}', '{}', '{}', 'def', 10, now()";
        jdbc.sql("insert into model (name, owner, created_at) values ('imported', 'local', now())")
                .update();
        jdbc.sql("insert into model_version (%s, imported_file) values (%s, '{}')"
                        .formatted(columns, values.formatted(1)))
                .update();

        assertThatThrownBy(() -> jdbc.sql(
                                "insert into model_version (%s) values (%s)".formatted(columns, values.formatted(2)))
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> jdbc.sql("insert into model_version (%s, imported_file, seed) values (%s, '{}', 1)"
                                .formatted(columns, values.formatted(3)))
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aWorkerChangesNothingAndSaysWhatTheDatabaseLacks() {
        migrate("1");
        Flyway flyway = Flyway.configure().dataSource(upgraded).load();
        FlywayMigrationStrategy worker = new MigrationConfiguration().schemaOfThisRelease();

        assertThatThrownBy(() -> worker.migrate(flyway))
                .isInstanceOf(SchemaBehindException.class)
                .hasMessageContaining("lacks version 2 of the schema");
        assertThat(flyway.info().current().getVersion()).hasToString("1");
        migrate("latest");
        worker.migrate(flyway);
    }

    private void migrate(String target) {
        Flyway.configure().dataSource(upgraded).target(target).load().migrate();
    }

    private String text(String query) {
        return jdbc.sql(query).query(String.class).single();
    }
}
