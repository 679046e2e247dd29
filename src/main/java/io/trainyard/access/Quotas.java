package io.trainyard.access;

import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/**
 * What one owner may take of the service. It is looked at before something begins that takes more, so an owner can come to lie
 * over the quota by what was under way.
 */
@Component
public class Quotas {

    private static final Duration RETRY = Duration.ofSeconds(30);

    private final QuotaProperties properties;
    private final List<Usage> usages;

    Quotas(QuotaProperties properties, List<Usage> usages) {
        this.properties = properties;
        this.usages = usages;
    }

    /**
     * Before a job is queued.
     *
     * @param queued jobs of an owner that wait now
     * @throws ProblemException QUOTA_EXCEEDED
     */
    public void checkQueued(Actor actor, ToLongFunction<String> queued) {
        if (!actor.allOwners() && queued.applyAsLong(actor.owner()) >= properties.queuedJobs()) {
            throw exceeded("The owner " + actor.owner() + " has " + properties.queuedJobs()
                    + " queued jobs, as many as one owner may; wait for some to begin, or cancel some.");
        }
    }

    /**
     * Before something is stored.
     *
     * @throws ProblemException QUOTA_EXCEEDED
     */
    public void checkDisk(Actor actor) {
        if (actor.allOwners()) {
            return;
        }
        long used =
                usages.stream().mapToLong(usage -> usage.bytes(actor.owner())).sum();
        if (used >= properties.disk().toBytes()) {
            throw exceeded(
                    "The owner " + actor.owner() + " has " + used + " bytes of datasets, models and predictions on"
                            + " disk; one owner may have " + properties.disk().toBytes() + ". Delete some.");
        }
    }

    private static ProblemException exceeded(String detail) {
        return new ProblemException(ProblemType.QUOTA_EXCEEDED, detail, List.of(), RETRY, null);
    }
}
