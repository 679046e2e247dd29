package io.trainyard.process;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.system.ApplicationHome;

/**
 * The command line of a process that runs this same program: the same Java, and the same jar (whole, or installed with its
 * libraries beside it) or class path.
 */
public final class SelfCommand {

    private static final int NATIVE_ACCESS_FLAG_SINCE = 24;

    /** Where the archive of classes and the unpacked native code are, without which an installed program starts slowly, or not. */
    private static final List<String> PASSED_ON =
            List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=", "-Xshare:", "-Xlog:cds", "-Dorg.bytedeco.");

    private SelfCommand() {}

    /**
     * Returns the command.
     *
     * @param options of its JVM, which have priority over those that it gets from ours
     * @param arguments of the program
     */
    public static List<String> of(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // No Java object is ever deserialised, by whatever way a file may ask for it.
        command.add("-Djdk.serialFilter=!*");
        if (Runtime.version().feature() >= NATIVE_ACCESS_FLAG_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(passedOn(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(options);
        File source = new ApplicationHome(SelfCommand.class).getSource();
        if (source != null && source.isFile()) {
            command.addAll(List.of("-jar", source.getPath()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.trainyard.TrainyardApplication"));
        }
        command.addAll(arguments);
        return command;
    }

    static List<String> passedOn(List<String> options) {
        return options.stream()
                .filter(option -> PASSED_ON.stream().anyMatch(option::startsWith))
                .toList();
    }
}
