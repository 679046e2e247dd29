package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The audit finds each broken promise: what breaks it is rolled back. */
class JobsAuditTest {

    private final Service service = Service.shared();
    private String job = "";

    @BeforeEach
    void succeed() {
        job = service.submit(Service.irisJob("audited", 3));
        service.await(job, "SUCCEEDED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            has ended but has not exactly one terminal transition | insert into job_transition (job_id, ordinal, status, at, attempt) values (:job, 9, 'FAILED', now(), 1)
            has ended but has not exactly one terminal transition | delete from job_transition where job_id = :job and status = 'SUCCEEDED'
            is not in the state of its last transition            | insert into job_transition (job_id, ordinal, status, at, attempt) values (:job, 9, 'RUNNING', now(), 1)
            has succeeded without its version                     | update job set result_version = 1000 where id = :job
            has a row of an attempt that was over                 | insert into job_transition (job_id, ordinal, status, at, attempt) values (:job, 0, 'RUNNING', now() - interval '1 hour', 2)
            has a file of predictions that is not its result      | insert into prediction_file values (:job, 1, now(), 'abc', 3)
            has a gap in its curves                               | delete from epoch_metrics where job_id = :job and epoch = 2
            has a gap in its curves                               | delete from epoch_metrics where job_id = :job and epoch = 3
            """)
    void brokenPromiseIsFound(String fault, String sql) {
        assertThat(auditAfter("select 1").faults()).isEmpty();
        assertThat(auditAfter(sql).faults())
                .anySatisfy(found -> assertThat(found).startsWith("job " + job + " " + fault));
    }

    @Test
    void liveJobInNoQueueIsQueuedAgain() {
        JobsReport report = auditAfter("""
                with gone as (delete from scheduled_tasks where task_instance = cast(:job as text))
                update job set status = 'QUEUED', finished_at = null, result_version = null where id = :job""");
        assertThat(report.queuedAgain()).hasSize(1).first().hasToString(job);
    }

    private JobsReport auditAfter(String sql) {
        return Objects.requireNonNull(service.bean(TransactionTemplate.class).execute(status -> {
            status.setRollbackOnly();
            JdbcClient.StatementSpec statement = service.bean(JdbcClient.class).sql(sql);
            if (sql.contains(":job")) {
                statement.param("job", java.util.UUID.fromString(job)).update();
            }
            return service.bean(JobsAudit.class).run();
        }));
    }
}
