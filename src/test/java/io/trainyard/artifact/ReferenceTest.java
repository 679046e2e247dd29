package io.trainyard.artifact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a backup's manifest says, its files go to places in the store. */
class ReferenceTest {

    private static final Artifact FILE = new Artifact("ab".repeat(32), 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../../.ssh/authorized_keys",
                "/etc/passwd",
                "ab/../../evil",
                "checkpoints/../evil",
                "checkpoints/00000000-0000-0000-0000-000000000000/../../../evil",
                "checkpoints/00000000-0000-0000-0000-000000000000/..",
                "checkpoints/------------------------------------/a/b",
                "incoming/evil.tmp",
            })
    void leadsNowhereElse(String path) {
        assertThatThrownBy(() -> new Reference("somebody", path, FILE)).isInstanceOf(IllegalArgumentException.class);
    }
}
