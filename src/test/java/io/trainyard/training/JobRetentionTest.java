package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What is deleted is rolled back: other tests have jobs in the same database. */
class JobRetentionTest {

    private static final Duration MONTH = Duration.ofDays(30);

    private final Service service = Service.shared();
    private final JdbcClient jdbc = service.bean(JdbcClient.class);
    private UUID job = new UUID(0, 0);

    @BeforeEach
    void succeed() {
        String submitted = service.submit(Service.irisJob("retained", 2));
        service.await(submitted, "SUCCEEDED");
        job = UUID.fromString(submitted);
    }

    @Test
    void byDefaultNothingIsEverDeleted() {
        inVain(() -> {
            age(job, "10 years");
            assertThat(new JobRetention(new RetentionProperties(null, null), jdbc).run())
                    .isEqualTo(new ExpiredJobs(0, 0));
        });
    }

    @Test
    void aVersionsJobStaysHoweverOldItIsAndItsLogGoes() {
        inVain(() -> {
            age(job, "31 days");
            assertThat(retention(MONTH, MONTH).run().logLines()).isPositive();
            assertThat(rows("job where id = :job")).isOne();
            assertThat(rows("epoch_metrics where job_id = :job")).isEqualTo(2);
            assertThat(rows("job_log where job_id = :job")).isZero();
        });
    }

    @Test
    void aJobWithoutAVersionGoesWithAllThatBelongsToIt() {
        inVain(() -> {
            age(job, "31 days");
            jdbc.sql("delete from model_version where job_id = :job")
                    .param("job", job)
                    .update();
            assertThat(retention(MONTH, null).run().jobs()).isOne();
            assertThat(rows("job where id = :job")).isZero();
            assertThat(rows("epoch_metrics where job_id = :job")).isZero();
            assertThat(rows("job_log where job_id = :job")).isZero();
            assertThat(rows("job_transition where job_id = :job")).isZero();
        });
    }

    @Test
    void whatEndedLaterStays() {
        inVain(() -> {
            age(job, "29 days");
            jdbc.sql("delete from model_version where job_id = :job")
                    .param("job", job)
                    .update();
            assertThat(retention(MONTH, MONTH).run()).isEqualTo(new ExpiredJobs(0, 0));
            assertThat(rows("job_log where job_id = :job")).isPositive();
        });
    }

    private JobRetention retention(@Nullable Duration jobs, @Nullable Duration logs) {
        return new JobRetention(new RetentionProperties(jobs, logs), jdbc);
    }

    private void age(UUID id, String age) {
        jdbc.sql("update job set finished_at = now() - cast(:age as interval) where id = :job")
                .param("age", age)
                .param("job", id)
                .update();
    }

    private long rows(String of) {
        return Objects.requireNonNull(jdbc.sql("select count(*) from " + of)
                .param("job", job)
                .query(Long.class)
                .single());
    }

    private void inVain(Runnable work) {
        service.bean(TransactionTemplate.class).executeWithoutResult(status -> {
            status.setRollbackOnly();
            work.run();
        });
    }
}
