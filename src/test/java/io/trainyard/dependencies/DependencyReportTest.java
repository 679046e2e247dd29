package io.trainyard.dependencies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advisories as OSV publishes them, two real ones among them, and the jar's own bill of materials. */
class DependencyReportTest {

    private static final Path BILL = Path.of("target/classes/META-INF/sbom/application.cdx.json");
    private static final Path POLICY = Path.of("config/dependencies.yaml");

    @TempDir
    Path folder;

    private Path advisories;

    @BeforeEach
    void pack() throws IOException {
        advisories = folder.resolve("all.zip");
        try (var files = Files.list(Path.of("src/test/resources/advisories"));
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(advisories))) {
            for (Path file : files.toList()) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.logging.log4j:log4j-core, 2.14.1, true",
        "org.apache.logging.log4j:log4j-core, 2.15.0, false",
        "org.apache.logging.log4j:log4j-core, 2.15.0-rc1, true",
        "org.apache.logging.log4j:log4j-core, 2.12.2, false",
        "org.apache.logging.log4j:log4j-core, 2.9, true",
        "org.apache.logging.log4j:log4j-core, 2.0-beta8, false",
        "org.apache.logging.log4j:log4j-core, 2.0-rc1, true",
        "org.apache.logging.log4j:log4j-api, 2.14.1, false",
        "commons-net:commons-net, 3.1, true",
        "commons-net:commons-net, 3.13.0, false",
        "org.example:gone, 1.5, true",
        "org.example:gone, 1.10, false",
        "org.example:gone, 0.9, false",
        "org.example:listed, 1.Final, true",
        "org.example:listed, 2, false",
        "org.example:well, 1, false"
    })
    void versionsAreComparedAsMavenDoes(String name, String version, boolean affected) throws IOException {
        List<Advisory> found = Advisories.read(advisories).about(new Component(name, version, List.of()));
        assertThat(found).hasSize(affected ? 1 : 0);
    }

    @Test
    void theJarsOwnLicencesAreAllowed() throws IOException {
        assertThat(report(BILL))
                .contains("org.springframework.boot:spring-boot:", "4 advisories, the newest of 2025-10-22");
    }

    @Test
    void whatIsNotAllowedOrVulnerableIsAFindingAndFails() throws IOException {
        Path bill = Files.writeString(folder.resolve("bom.json"), """
                {"bomFormat": "CycloneDX", "components": [
                  {"group": "commons-net", "name": "commons-net", "version": "3.1",
                   "licenses": [{"license": {"id": "Apache-2.0"}}]},
                  {"group": "org.example", "name": "either", "version": "1",
                   "licenses": [{"license": {"id": "GPL-3.0-only"}}, {"license": {"id": "MIT"}}]},
                  {"group": "org.example", "name": "expression", "version": "1",
                   "licenses": [{"expression": "(GPL-2.0-only OR EPL-2.0)"}]},
                  {"group": "org.example", "name": "both", "version": "1",
                   "licenses": [{"expression": "MIT AND AGPL-3.0-only"}]},
                  {"group": "org.example", "name": "forbidden", "version": "1",
                   "licenses": [{"license": {"id": "AGPL-3.0-only"}}]},
                  {"group": "org.example", "name": "named", "version": "1",
                   "licenses": [{"license": {"name": "Do what you like"}}]},
                  {"group": "org.example", "name": "without", "version": "1"}]}""");
        assertThatThrownBy(() -> report(bill))
                .isInstanceOf(IllegalStateException.class)
                .extracting(failure ->
                        String.valueOf(failure.getMessage()).lines().skip(1).toList())
                .asInstanceOf(list(String.class))
                .hasSize(5)
                .anyMatch(line -> line.startsWith("commons-net:commons-net:3.1: GHSA-cgp8-4m63-fhh5"))
                .anyMatch(line -> line.startsWith("org.example:both:1: no licence"))
                .anyMatch(line -> line.startsWith("org.example:forbidden:1: no licence"))
                .anyMatch(line -> line.startsWith("org.example:named:1: no licence"))
                .anyMatch(line -> line.startsWith("org.example:without:1: no licence"));
    }

    private String report(Path bill) throws IOException {
        Path file = folder.resolve("report.md");
        DependencyReport.main(
                new String[] {bill.toString(), POLICY.toString(), advisories.toString(), file.toString()});
        return Files.readString(file);
    }
}
