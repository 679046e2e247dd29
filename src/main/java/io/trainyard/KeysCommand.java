package io.trainyard;

import io.trainyard.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;

/** {@code java -jar trainyard.jar keys …}: makes, lists and revokes API keys, beside a service that runs or is stopped. */
final class KeysCommand {

    static final String NAME = "keys";

    private KeysCommand() {}

    static void run(List<String> arguments) {
        List<String> settings = new ArrayList<>(List.of("--trainyard.role=" + NAME));
        settings.addAll(arguments);
        try {
            System.exit(SpringApplication.exit(
                    SpringApplication.run(TrainyardApplication.class, settings.toArray(String[]::new))));
        } catch (IllegalArgumentException | ProblemException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
        }
    }
}
