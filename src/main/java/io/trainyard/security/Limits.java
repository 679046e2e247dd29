package io.trainyard.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.trainyard.access.Actor;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** How many requests a key may send, and how many bad keys an address: token buckets, in the memory of this process. */
@Component
@Profile("api")
class Limits {

    private static final int MOST = 100_000;
    /** Half of an IPv6 address: what one customer has at least (RFC 6177). */
    private static final int NETWORK_BYTES = 8;

    private final Cache<String, Bucket> requests = buckets();
    private final Cache<String, Bucket> failures = buckets();
    private final Cache<String, Bucket> refusals = buckets();
    private final LimitProperties properties;

    Limits(LimitProperties properties) {
        this.properties = properties;
    }

    private static Cache<String, Bucket> buckets() {
        // By then each is full again.
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(Duration.ofMinutes(2))
                .build();
    }

    /**
     * Counts a request.
     *
     * @return for how long the sender must wait; empty when it need not
     */
    Optional<Duration> request(Actor actor) {
        int rate = actor.requestsPerSecond() == 0 ? properties.requestsPerSecond() : actor.requestsPerSecond();
        Bucket bucket = requests.get(actor.credential() + "/" + actor.name() + "/" + rate, sender -> Bucket.builder()
                .addLimit(limit -> limit.capacity(2L * rate).refillGreedy(rate, Duration.ofSeconds(1)))
                .build());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** For how long an address must wait that has sent too many bad keys; empty when it need not. */
    Optional<Duration> blocked(String address) {
        Bucket bucket = failures.getIfPresent(network(address));
        if (bucket == null) {
            return Optional.empty();
        }
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return wait == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(wait));
    }

    /**
     * Counts a request.
     *
     * @throws ProblemException RATE_LIMITED
     */
    void checkRate(Actor actor) {
        request(actor).ifPresent(wait -> {
            throw new ProblemException(
                    ProblemType.RATE_LIMITED,
                    "The key or token sends more requests than it may; its admin can allow it more.",
                    List.of(),
                    wait,
                    null);
        });
    }

    /**
     * @throws ProblemException TOO_MANY_FAILURES when an address has sent too many bad keys
     */
    void checkFailures(String address) {
        blocked(address).ifPresent(wait -> {
            throw new ProblemException(
                    ProblemType.TOO_MANY_FAILURES,
                    "Too many bad keys or tokens came from " + address + ".",
                    List.of(),
                    wait,
                    null);
        });
    }

    /** Counts a bad key. */
    void failure(String address) {
        var unused = tryConsume(failures, address);
    }

    /** Whether one more refusal of somebody who is not known goes into the audit: so many a minute do, of one address. */
    boolean mayBeWrittenDown(String address) {
        return tryConsume(refusals, address);
    }

    private boolean tryConsume(Cache<String, Bucket> buckets, String address) {
        return buckets.get(network(address), sender -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(properties.failuresPerMinute())
                                .refillGreedy(properties.failuresPerMinute(), Duration.ofMinutes(1)))
                        .build())
                .tryConsume(1);
    }

    private static String network(String address) {
        try {
            return InetAddress.getByName(address) instanceof Inet6Address ipv6
                    ? HexFormat.of().formatHex(Arrays.copyOf(ipv6.getAddress(), NETWORK_BYTES))
                    : address;
        } catch (UnknownHostException unknown) {
            return address;
        }
    }
}
