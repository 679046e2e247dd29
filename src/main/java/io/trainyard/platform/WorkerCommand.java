package io.trainyard.platform;

import com.sun.management.OperatingSystemMXBean;
import io.trainyard.device.Devices;
import io.trainyard.process.SelfCommand;
import io.trainyard.setting.SettingFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * How this program starts itself as a worker: the same jar or class path, the same settings, the same database. Secrets
 * go through the environment, which other users cannot read; the worker holds our end of its standard input, and ends
 * when that closes.
 */
@Component
@Profile("api")
class WorkerCommand {

    private static final String MEMORY = "-Dorg.bytedeco.javacpp.maxphysicalbytes=";
    private static final double SHARE_OF_MEMORY = 0.75;
    private static final Pattern MIGRATION =
            Pattern.compile("SPRING_FLYWAY_(URL|USER|PASSWORD)(" + SettingFiles.SUFFIX + ")?");
    private static final String LOG_FILE = "logging.file.name";

    private final WorkerProperties properties;
    private final PlatformProperties platform;
    private final JdbcConnectionDetails database;
    private final ApplicationArguments arguments;
    private final Environment environment;

    WorkerCommand(
            WorkerProperties properties,
            PlatformProperties platform,
            JdbcConnectionDetails database,
            ApplicationArguments arguments,
            Environment environment) {
        this.properties = properties;
        this.platform = platform;
        this.database = database;
        this.arguments = arguments;
        this.environment = environment;
    }

    Process start(WorkerSlot slot) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(slot.number()))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> variables = builder.environment();
        variables.put(
                InheritedSettings.VARIABLE,
                InheritedSettings.json(options(), variables.get(InheritedSettings.VARIABLE), arguments));
        put(variables, "SPRING_DATASOURCE_URL", database.getJdbcUrl());
        put(variables, "SPRING_DATASOURCE_USERNAME", database.getUsername());
        put(variables, "SPRING_DATASOURCE_PASSWORD", database.getPassword());
        // It works with rows, not on the schema.
        variables.keySet().removeIf(name -> MIGRATION.matcher(name).matches());
        variables.put("TRAINYARD_DATA_DIR", platform.dataDir().toAbsolutePath().toString());
        put(variables, "TRAINYARD_DATASETS_DIR", environment.getProperty("trainyard.datasets.dir"));
        // Both are read once, when native code is loaded.
        variables.putIfAbsent("OMP_NUM_THREADS", String.valueOf(slot.threads()));
        // Threads that wait for the next operation spin for some microseconds, docs/decisions/0044. Without the
        // policy the number falls to 100 once two threads of the process have computed; the policy alone means minutes.
        if (variables.putIfAbsent("OMP_WAIT_POLICY", "active") == null) {
            variables.putIfAbsent("GOMP_SPINCOUNT", "1000");
        }
        // Read when the CUDA driver is first called; one process has one GPU, since to switch on a live thread has
        // crashed.
        put(variables, Devices.VISIBLE, slot.visibleDevices());
        return builder.start();
    }

    private List<String> command(int number) {
        List<String> options = new ArrayList<>();
        if (options().stream().noneMatch(option -> option.startsWith(MEMORY))) {
            options.add(MEMORY + memory());
        }
        options.addAll(properties.jvmOptions());
        List<String> arguments =
                new ArrayList<>(List.of("--trainyard.role=worker", "--" + ParentWatch.SUPERVISED + "=true"));
        String logFile = environment.getProperty(LOG_FILE);
        if (logFile != null) {
            arguments.add("--" + LOG_FILE + "=" + logFile.replaceFirst("(\\.log)?$", "-worker-" + number + ".log"));
        }
        return SelfCommand.of(options, arguments);
    }

    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /**
     * Memory that a worker may take: it fails its job in words before the system ends it without. By default JavaCPP allows
     * a multiple of the heap, which says nothing of what the machine has. Not divided by the number of workers, since one
     * job may need what the others do not.
     */
    private static long memory() {
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return (long) (SHARE_OF_MEMORY * machine);
    }

    private static void put(Map<String, String> variables, String name, @Nullable String value) {
        if (value != null) {
            variables.put(name, value);
            // The worker would be told twice.
            variables.remove(name + SettingFiles.SUFFIX);
        }
    }
}
