package io.trainyard.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.device.DeviceProperties.Preference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against drivers' commands that are programs of the test's own, started as the real one is. */
class DevicesTest {

    private static final String AMPERE = "0, GPU-a0000000-1111, NVIDIA A100-SXM4-40GB, 8.0, 40960, 535.104.05";
    private static final String HOPPER = "1, GPU-b0000000-2222, NVIDIA H100 80GB HBM3, 9.0, 81559, 535.104.05";
    private static final String ADA = "2, GPU-c0000000-3333, NVIDIA L4, 8.9, 23034, 535.104.05";

    @TempDir
    private Path folder;

    @Test
    void aGpuOfAGenerationThatTheBackendHasCodeForIsUsed() throws IOException {
        Placement placement =
                devices(Preference.AUTO, true, null, answering(AMPERE)).placement();
        assertThat(placement.warning()).isNull();
        assertThat(placement.gpu())
                .isEqualTo(
                        new Gpu(0, "GPU-a0000000-1111", "NVIDIA A100-SXM4-40GB", "8.0", 40_960L << 20, "535.104.05"));
    }

    @ParameterizedTest
    @CsvSource({
        "3.0, false",
        "3.5, false",
        "3.7, true",
        "5.0, true",
        "5.2, true",
        "5.3, true",
        "6.0, true",
        "6.1, true",
        "7.0, true",
        "7.5, true",
        "8.0, true",
        "8.6, true",
        "8.9, true",
        "9.0, false",
        "10.0, false",
        "12.0, false",
        "N/A, false"
    })
    void machineCodeRunsOnItsGenerationFromItsRevisionOn(String capability, boolean used) throws IOException {
        Placement placement = devices(Preference.AUTO, true, null, answering(AMPERE.replace("8.0", capability)))
                .placement();
        assertThat(placement.gpu() != null).isEqualTo(used);
        assertThat(placement.warning() != null).isEqualTo(!used);
    }

    @Test
    void aGpuThatIsTooNewIsNotUsedAndTheWarningSaysWhy() throws IOException {
        Placement placement =
                devices(Preference.AUTO, true, null, answering(HOPPER)).placement();
        assertThat(placement.gpu()).isNull();
        assertThat(placement.warning())
                .isEqualTo(
                        "GPU 1, NVIDIA H100 80GB HBM3 (compute capability 9.0) is not used: the CUDA backend has code for"
                                + " compute capabilities 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0, 8.6 and later ones of the same"
                                + " generations, and for none after them");
    }

    @Test
    void withoutADriverTheCpuIsAsItShouldBe() {
        assertThat(devices(Preference.AUTO, true, null, Path.of("no-such-nvidia-smi"))
                        .placement())
                .isEqualTo(Placement.CPU);
    }

    @Test
    void aCommandThatWasNamedAndIsNotThereIsTold() {
        assertThat(devices(Preference.AUTO, true, null, folder.resolve("none"))
                        .placement()
                        .warning())
                .contains("none cannot be started");
    }

    @Test
    void aBrokenGpuDoesNotTakeTheOthersWithIt() throws IOException {
        Devices devices = devices(
                Preference.AUTO, true, null, answering("0, GPU-a, NVIDIA A100, [Unknown Error], [N/A], 535", AMPERE));
        assertThat(devices.usable()).extracting(Gpu::uuid).containsExactly("GPU-a0000000-1111");
    }

    @Test
    void aDriverThatFindsNoDeviceIsAsNone() throws IOException {
        Path none = program("echo 'No devices were found'; exit 6");
        assertThat(devices(Preference.AUTO, true, null, none).placement()).isEqualTo(Placement.CPU);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9",
                "echo '0, GPU-a, NVIDIA A100'",
                "echo '0, GPU-a, NVIDIA A100, 8.0, [Unknown Error], 535'"
            })
    void aDriverThatFailsIsToldAndTheCpuTaken(String script) throws IOException {
        Devices devices = devices(Preference.AUTO, true, null, program(script));
        assertThat(devices.placement().gpu()).isNull();
        assertThat(devices.placement().warning()).startsWith("NVIDIA's driver fails: ");
        assertThat(devices.usable()).isEmpty();
    }

    @Test
    void aJarWithoutTheBackendSaysHowToBuildOne() throws IOException {
        Placement placement =
                devices(Preference.AUTO, false, null, answering(AMPERE)).placement();
        assertThat(placement.gpu()).isNull();
        assertThat(placement.warning()).endsWith("built without CUDA (./mvnw -Pcuda -DskipTests package)");
    }

    @Test
    void theCpuCanBeAskedFor() throws IOException {
        Devices devices = devices(Preference.CPU, true, null, answering(AMPERE));
        assertThat(devices.placement()).isEqualTo(Placement.CPU);
        assertThat(devices.usable()).isEmpty();
    }

    @Test
    void whoAsksForAGpuGetsNothingElse() throws IOException {
        Devices tooNew = devices(Preference.CUDA, true, null, answering(HOPPER));
        assertThatThrownBy(tooNew::placement)
                .isInstanceOf(NoGpuException.class)
                .hasMessageStartingWith("trainyard.device.backend is cuda, but GPU 1, NVIDIA H100");
        Devices none = devices(Preference.CUDA, true, "", answering(AMPERE));
        assertThatThrownBy(none::placement)
                .isInstanceOf(NoGpuException.class)
                .hasMessageContaining("no GPU is there (CUDA_VISIBLE_DEVICES=)");
        Devices broken = devices(Preference.CUDA, true, null, answering(AMPERE));
        Gpu gpu = broken.usable().get(0);
        assertThatThrownBy(() -> broken.without(gpu, "its libraries are not there"))
                .isInstanceOf(NoGpuException.class)
                .hasMessageEndingWith("is not used: its libraries are not there");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "unset",
            value = {
                "unset, GPU-a0000000-1111 GPU-c0000000-3333",
                "'', ''",
                "'2,0', GPU-c0000000-3333 GPU-a0000000-1111",
                "'2,-1,0', GPU-c0000000-3333",
                "'GPU-c', GPU-c0000000-3333",
                "'GPU-', ''",
                "'MIG-a0000000', ''"
            })
    void workersAreGivenTheGpusThatAreVisibleAndHaveCode(@Nullable String visible, String uuids) throws IOException {
        Devices devices = devices(Preference.AUTO, true, visible, answering(AMPERE, HOPPER, ADA));
        assertThat(devices.usable().stream().map(Gpu::uuid))
                .containsExactly(uuids.isEmpty() ? new String[0] : uuids.split(" "));
    }

    @Test
    void memoryInUseIsTheDrivers() throws IOException {
        Path driver = program(
                "case \"$*\" in *memory.used*--id=GPU-a0000000-1111*) echo 1536;; *) echo '" + AMPERE + "';; esac");
        Devices devices = devices(Preference.AUTO, true, null, driver);
        Gpu gpu = devices.usable().get(0);
        assertThat(devices.usedBytes(gpu)).hasValue(1536L << 20);
        assertThat(devices(Preference.AUTO, true, null, program("echo '[N/A]'")).usedBytes(gpu))
                .isEmpty();
    }

    private static Devices devices(Preference backend, boolean cudaInJar, @Nullable String visible, Path driver) {
        return new Devices(new DeviceProperties(backend, driver.toString()), cudaInJar, visible);
    }

    private Path answering(String... lines) throws IOException {
        return program("cat <<'END'\n" + String.join("\n", lines) + "\nEND");
    }

    private Path program(String script) throws IOException {
        Path program = Files.createTempFile(
                folder,
                "nvidia-smi",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    }
}
