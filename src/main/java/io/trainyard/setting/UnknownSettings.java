package io.trainyard.setting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Looks for settings of ours that there are not: a typo must never be a silent default. In a file or on the command line they stop
 * the start; in the environment, where others put variables that begin like ours, they are warned of.
 */
class UnknownSettings implements EnvironmentPostProcessor, Ordered {

    /** Of this program's own processes, for each other. */
    private static final Set<String> OURS = Set.of("trainyard.worker.supervised");

    /** What Kubernetes sets in each container for a service of the name {@code trainyard}. */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("TRAINYARD_(.+_)?(SERVICE_(HOST|PORT.*)|PORT(_\\d+_(TCP|UDP).*)?)");

    private static final String VARIABLES = "TRAINYARD_";

    private final Log log;

    UnknownSettings(DeferredLogFactory logs) {
        this.log = logs.getLog(UnknownSettings.class);
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Catalogue catalogue = catalogue();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> settings) {
                for (String name : settings.getPropertyNames()) {
                    check(name, settings, catalogue);
                }
            }
        }
    }

    private void check(String name, EnumerablePropertySource<?> source, Catalogue catalogue) {
        if (source instanceof SystemEnvironmentPropertySource) {
            if (name.startsWith(VARIABLES) && !isKnownVariable(name, catalogue)) {
                log.warn("No setting is called " + name + ": it is ignored. All are listed in docs/configuration.md.");
            }
        } else if (name.toLowerCase(Locale.ROOT).startsWith(Catalogue.PREFIX + ".")
                && !OURS.contains(name)
                && !catalogue.holds(name)) {
            throw new UnknownSettingException(name, where(source, name));
        }
    }

    private static boolean isKnownVariable(String name, Catalogue catalogue) {
        String setting = name.endsWith(SettingFiles.SUFFIX)
                ? name.substring(0, name.length() - SettingFiles.SUFFIX.length())
                : name;
        return catalogue.holds(setting) || OF_KUBERNETES.matcher(name).matches();
    }

    private static String where(PropertySource<?> source, String name) {
        @Nullable Origin origin = OriginLookup.getOrigin(source, name);
        return origin == null ? source.getName() : origin.toString();
    }

    private static Catalogue catalogue() {
        try {
            return new Catalogue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
