package io.trainyard;

import io.trainyard.modelimport.ModelReader;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/**
 * Trainyard in one of its two roles, chosen by {@code trainyard.role}: {@code api} (HTTP, serving and, by default,
 * an embedded PostgreSQL and local workers) or {@code worker} (trains the jobs that the API accepted). As a command it
 * demonstrates itself, writes and reads backups, makes API keys, or reads a model of foreign origin for the service.
 */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
public class TrainyardApplication {

    public static void main(String[] args) throws InterruptedException {
        SerialFilter.install();
        if (args.length > 0 && args[0].equals("quickstart")) {
            QuickstartCommand.run(List.of(args).subList(1, args.length));
        } else if (args.length > 0 && BackupCommand.NAMES.contains(args[0])) {
            BackupCommand.run(args[0], List.of(args).subList(1, args.length));
        } else if (args.length > 0 && args[0].equals(KeysCommand.NAME)) {
            KeysCommand.run(List.of(args).subList(1, args.length));
        } else if (args.length > 0 && args[0].equals(ModelReader.COMMAND)) {
            ModelReader.run(List.of(args).subList(1, args.length));
        } else {
            SpringApplication.run(TrainyardApplication.class, args);
        }
    }
}
