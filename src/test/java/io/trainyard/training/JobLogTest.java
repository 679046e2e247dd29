package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The log that a job's user reads. */
class JobLogTest {

    private final Service service = Service.shared();

    @Test
    void whatAUserHasNamedMakesNoLineOfItsOwn() {
        String job = service.submit(Service.irisJob("logged", 1));
        service.await(job, "SUCCEEDED");
        UUID id = UUID.fromString(job);
        TransactionTemplate transaction = service.bean(TransactionTemplate.class);
        JdbcClient jdbc = service.bean(JdbcClient.class);
        List<String> lines = Objects.requireNonNull(transaction.execute(status -> {
            status.setRollbackOnly();
            jdbc.sql("update job set status = 'RUNNING', finished_at = null, result_version = null where id = :id")
                    .param("id", id)
                    .update();
            new Lease(jdbc, transaction, id, 1).log("class 'a\0\u001b[2K\r\nb\u0085c\u2028d\u202ee' ends");
            return service.bean(TrainingJobs.class).log(id, 1);
        }));
        assertThat(lines.get(lines.size() - 1)).endsWith("Z class 'a??[2K??b?c?d?e' ends");
    }
}
