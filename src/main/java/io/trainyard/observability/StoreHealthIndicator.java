package io.trainyard.observability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Down when the artifact folder cannot be written, has next to no room, or does not answer. */
@Component
@Profile("api")
class StoreHealthIndicator implements HealthIndicator {

    private final StoreProbe store;
    private final DataSize least;

    StoreHealthIndicator(StoreProbe store, HealthProperties properties) {
        this.store = store;
        this.least = properties.minFreeSpace();
    }

    @Override
    public Health health() {
        StoreState state = store.get().orElse(null);
        if (state == null) {
            return Health.down()
                    .withDetail("reason", "the artifact folder's disk does not answer")
                    .build();
        }
        boolean room = state.freeBytes() >= least.toBytes();
        return (state.writable() && room ? Health.up() : Health.down())
                .withDetail("writable", state.writable())
                .withDetail("free_bytes", state.freeBytes())
                .withDetail("least_bytes", least.toBytes())
                .build();
    }
}
