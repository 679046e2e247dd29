package io.trainyard;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;

/** {@code java -jar trainyard.jar backup <folder>} and {@code restore <folder>}, followed by settings. */
final class BackupCommand {

    static final List<String> NAMES = List.of("backup", "restore");

    private BackupCommand() {}

    static void run(String name, List<String> arguments) {
        List<String> settings = new ArrayList<>(List.of("--trainyard.role=" + name));
        arguments.stream()
                .map(argument -> argument.startsWith("--") ? argument : "--trainyard.backup.dir=" + argument)
                .forEach(settings::add);
        System.exit(SpringApplication.exit(
                SpringApplication.run(TrainyardApplication.class, settings.toArray(String[]::new))));
    }
}
