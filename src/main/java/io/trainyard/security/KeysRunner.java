package io.trainyard.security;

import io.trainyard.access.Actor;
import io.trainyard.access.Role;
import io.trainyard.audit.AuditEvent;
import io.trainyard.audit.AuditTrail;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@code java -jar trainyard.jar keys create|list|revoke}, for whoever has the database: the first admin key comes from here.
 */
@Component
@Profile("keys")
class KeysRunner implements ApplicationRunner {

    private static final String USAGE = """
            usage: keys create --name=NAME --role=viewer|predictor|trainer|publisher|admin --owner=OWNER
                               [--all-owners] [--expires-in=90d]
                   keys list
                   keys revoke PREFIX""";

    private static final int MOST_LISTED = 10_000;
    private static final String BY = "command line";
    private static final Actor ACTOR = new Actor(BY, Actor.LOCAL.owner(), Role.ADMIN, true, "none", null, 0);

    private final Keys keys;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;
    private final Clock clock;

    KeysRunner(Keys keys, AuditTrail trail, TransactionTemplate transaction, Clock clock) {
        this.keys = keys;
        this.trail = trail;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        List<String> words = arguments.getNonOptionArgs();
        String command = words.isEmpty() ? "" : words.get(0);
        if (command.equals("create")) {
            create(arguments);
        } else if (command.equals("list")) {
            keys.page(null, MOST_LISTED).forEach(KeysRunner::print);
        } else if (command.equals("revoke") && words.size() == 2) {
            revoke(words.get(1));
        } else {
            throw new IllegalArgumentException(USAGE);
        }
    }

    private void create(ApplicationArguments arguments) {
        String expires = option(arguments, "expires-in");
        KeySpec spec = new KeySpec(
                required(arguments, "name"),
                Role.parse(required(arguments, "role")),
                required(arguments, "owner"),
                arguments.containsOption("all-owners"),
                expires == null ? null : clock.instant().plus(DurationStyle.detectAndParse(expires)),
                null);
        KeyView made = transaction.execute(status -> {
            KeyView key = keys.create(spec, BY);
            write("keys create", key);
            return key;
        });
        System.err.println("The " + spec.role() + " key of " + spec.owner() + "; it is not shown again:");
        System.out.println(made == null ? "" : made.key());
    }

    private void revoke(String prefix) {
        transaction.executeWithoutResult(status -> {
            KeyView key = keys.revoke(keys.named(prefix).id());
            write("keys revoke", key);
            print(key);
        });
    }

    private void write(String action, KeyView key) {
        trail.add(new AuditTrail.Entry(ACTOR, BY, action, "ty_" + key.prefix(), AuditEvent.Outcome.DONE, 0, ""));
    }

    private static void print(KeyView key) {
        System.out.printf(
                "ty_%s  %-9s  %-20s  %s  made %s by %s%s%s%n",
                key.prefix(),
                key.role(),
                key.owner() + (key.allOwners() ? " (sees all)" : ""),
                key.name(),
                key.createdAt(),
                key.createdBy(),
                when(", expires ", key.expiresAt()),
                when(", revoked ", key.revokedAt()));
    }

    private static String when(String what, @Nullable Instant at) {
        return at == null ? "" : what + at;
    }

    private static String required(ApplicationArguments arguments, String name) {
        String value = option(arguments, name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("--" + name + " is missing\n" + USAGE);
        }
        return value;
    }

    private static @Nullable String option(ApplicationArguments arguments, String name) {
        List<String> values = arguments.getOptionValues(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
