package io.trainyard;

import io.trainyard.quickstart.Quickstart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** {@code java -jar trainyard.jar quickstart}: starts the service, runs the demonstration against it, leaves it up. */
final class QuickstartCommand {

    private static final String DATASET = "--dataset=";
    private static final String EXIT = "--exit";
    private static final String TERMINAL = "--terminal";

    private QuickstartCommand() {}

    /**
     * @param arguments {@code --dataset=digits|mnist}, {@code --exit} to stop at the end,
     *     {@code --terminal} when a terminal shows the output; the rest are settings
     */
    static void run(List<String> arguments) throws InterruptedException {
        String dataset = arguments.stream()
                .filter(argument -> argument.startsWith(DATASET))
                .reduce("digits", (before, argument) -> argument.substring(DATASET.length()));
        List<String> settings = new ArrayList<>(List.of(
                "--logging.threshold.console=error", "--logging.file.name=${trainyard.data-dir}/logs/trainyard.log"));
        arguments.stream()
                .filter(argument ->
                        !argument.startsWith(DATASET) && !argument.equals(EXIT) && !argument.equals(TERMINAL))
                .forEach(settings::add);
        System.out.println("Starting Trainyard with its embedded PostgreSQL and one worker …");
        ConfigurableApplicationContext service =
                SpringApplication.run(TrainyardApplication.class, settings.toArray(String[]::new));
        String url = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
        System.out.println("The service is up at " + url + "; its log is "
                + service.getEnvironment().getProperty("logging.file.name"));
        boolean succeeded = demonstrate(url, dataset, arguments.contains(TERMINAL));
        if (arguments.contains(EXIT) || !succeeded) {
            System.exit(SpringApplication.exit(service, () -> succeeded ? 0 : 1));
        }
        System.out.println();
        System.out.println("The service stays up; Ctrl-C stops it.");
    }

    private static boolean demonstrate(String url, String dataset, boolean terminal) throws InterruptedException {
        try {
            return new Quickstart(url, dataset, System.out, terminal).run();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("The demonstration failed: " + e.getMessage());
            return false;
        }
    }
}
