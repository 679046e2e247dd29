package io.trainyard.setting;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Secrets from files: {@code SPRING_DATASOURCE_PASSWORD_FILE=/run/secrets/password} in the environment stands for
 * {@code SPRING_DATASOURCE_PASSWORD} with the file's content, without the newline at its end.
 */
public class SettingFiles implements EnvironmentPostProcessor, Ordered {

    /** Of a variable that names a file with the value. */
    public static final String SUFFIX = "_FILE";

    /** Not SPRING_PID_FILE, which is a setting itself. */
    private static final Pattern VARIABLE =
            Pattern.compile("(?!SPRING_PID_FILE)(SPRING|SERVER|MANAGEMENT|TRAINYARD)_.+" + SUFFIX);

    private static final Pattern NEWLINE_AT_END = Pattern.compile("\r?\n\\z");

    /** Before the configuration files are read, which may refer to what is read here. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 9;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> settings = read(environment.getSystemEnvironment());
        if (!settings.isEmpty()) {
            String variables = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
            // Spring Boot reads the names of variables, SPRING_DATASOURCE_PASSWORD, in sources that are named so.
            environment
                    .getPropertySources()
                    .addAfter(variables, new SystemEnvironmentPropertySource("files-" + variables, settings));
        }
    }

    static Map<String, Object> read(Map<String, Object> variables) {
        Map<String, Object> settings = new HashMap<>();
        variables.forEach((variable, file) -> {
            if (VARIABLE.matcher(variable).matches()) {
                String setting = variable.substring(0, variable.length() - SUFFIX.length());
                if (variables.containsKey(setting)) {
                    throw new SettingFileException("Both " + setting + " and " + variable + " are set.");
                }
                settings.put(setting, content(variable, file.toString()));
            }
        });
        return settings;
    }

    private static String content(String variable, String file) {
        try {
            return NEWLINE_AT_END.matcher(Files.readString(Path.of(file))).replaceFirst("");
        } catch (NoSuchFileException missing) {
            throw unreadable(variable, file, "there is no such file");
        } catch (AccessDeniedException denied) {
            throw unreadable(variable, file, "its permissions do not allow it");
        } catch (CharacterCodingException binary) {
            throw unreadable(variable, file, "it is not text in UTF-8");
        } catch (IOException | InvalidPathException e) {
            throw unreadable(variable, file, "it is no readable file");
        }
    }

    private static SettingFileException unreadable(String variable, String file, String reason) {
        return new SettingFileException(variable + " names " + file + ", which cannot be read: " + reason + ".");
    }
}
