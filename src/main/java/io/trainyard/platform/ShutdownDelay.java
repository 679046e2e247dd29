package io.trainyard.platform;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Between the first sign of the end, when readiness turns to 503, and the end itself: load balancers stop sending before
 * the port is closed. Spring turns readiness, then tells of the end, and only then stops anything.
 */
@Component
@Profile("api")
class ShutdownDelay {

    private static final Logger log = LoggerFactory.getLogger(ShutdownDelay.class);

    private final Duration delay;
    private final ApplicationContext context;

    ShutdownDelay(PlatformProperties properties, ApplicationContext context) {
        this.delay = properties.shutdownDelay();
        this.context = context;
    }

    /** Not of a context of its own that the management port has. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void delay(ContextClosedEvent closed) {
        if (delay.isZero() || closed.getApplicationContext() != context) {
            return;
        }
        log.info("not ready any more; answers for {} s more", delay.toSeconds());
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
