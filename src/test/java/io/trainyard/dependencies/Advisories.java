package io.trainyard.dependencies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * OSV's advisories about Maven's packages, as they are published in one file.
 *
 * @param newest when the one changed last was changed
 */
record Advisories(List<Advisory> all, String newest) {

    /** Reads {@code all.zip}. */
    static Advisories read(Path zip) throws IOException {
        List<Advisory> all = new ArrayList<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".json")) {
                    all.add(Advisory.of(JsonMapper.shared().readTree(file.getInputStream(entry))));
                }
            }
        }
        String newest = all.stream()
                .map(Advisory::modified)
                .filter(Objects::nonNull)
                .max(String::compareTo)
                .orElseThrow(() -> new IOException(zip + " holds no advisory"));
        return new Advisories(all, newest);
    }

    List<Advisory> about(Component component) {
        return all.stream().filter(advisory -> advisory.affects(component)).toList();
    }
}
