package io.trainyard.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** A supervised worker ends when its parent does, even by {@code kill -9}: the pipe on its standard input then closes. */
@Component
@Profile("worker")
@ConditionalOnProperty(ParentWatch.SUPERVISED)
class ParentWatch implements InitializingBean {

    /** Set on the command line of workers that the API process starts. */
    static final String SUPERVISED = "trainyard.worker.supervised";

    private static final Logger log = LoggerFactory.getLogger(ParentWatch.class);
    private static final Duration EXIT_WAIT = Duration.ofSeconds(20);

    @Override
    public void afterPropertiesSet() {
        daemon("parent-watch", () -> {
            awaitEnd(System.in);
            log.warn("the parent process has ended; so does this worker");
            daemon("parent-watch-halt", ParentWatch::haltLater);
            System.exit(0);
        });
    }

    private static void awaitEnd(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            log.debug("standard input failed", e);
        }
    }

    /** An orderly end can wait for a database that is gone too. */
    private static void haltLater() {
        try {
            Thread.sleep(EXIT_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
