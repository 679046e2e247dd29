package io.trainyard.observability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Down when jobs wait and no worker is alive; unknown when none is alive and none is needed, or PostgreSQL is away. */
@Component
@Profile("api")
class WorkersHealthIndicator implements HealthIndicator {

    private final FleetFigures figures;

    WorkersHealthIndicator(FleetFigures figures) {
        this.figures = figures;
    }

    @Override
    public Health health() {
        Fleet fleet = figures.get().orElse(null);
        if (fleet == null) {
            return Health.unknown()
                    .withDetail("reason", "PostgreSQL does not answer")
                    .build();
        }
        Health.Builder health =
                fleet.aliveWorkers() > 0 ? Health.up() : fleet.queued() > 0 ? Health.down() : Health.unknown();
        return health.withDetail("alive", fleet.aliveWorkers())
                .withDetail("busy", fleet.busyWorkers())
                .withDetail("queued_jobs", fleet.queued())
                .build();
    }
}
