package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountIdTest {
    @Test
    void readsClaimAndFenceFromTheExecutorsForm() {
        assertThat(new MountId("mooring:0f8c-77:42").holder()).isEqualTo(new Holder.Claim("0f8c-77", 42));
    }

    @Test
    void readsFromTheExecutorsFormWhetherAClaimOnlyReads() {
        assertThat(new MountId("mooring:0f8c-77:42:ro").holder()).isEqualTo(new Holder.Claim("0f8c-77", 42));
        assertThat(new MountId("mooring:0f8c-77:42:ro").access()).isEqualTo(Access.READ_ONLY);
        assertThat(new MountId("mooring:0f8c-77:42").access()).isEqualTo(Access.READ_WRITE);
        assertThat(new MountId("mooring:0f8c-77:42:rw").holder()).isEqualTo(new Holder.DockerCaller());
        assertThat(new MountId("other:ro").access()).isEqualTo(Access.READ_WRITE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "64619199c75f",
                "mooring:",
                "mooring:c",
                "mooring:c:",
                "mooring:c:0",
                "mooring:c:01",
                "mooring:c:-1",
                "mooring:c:x",
                "mooring::1",
                "Mooring:c:1",
                "mooring:c d:1",
                " mooring:c:1"
            })
    void takesEveryOtherFormForADockerCaller(String id) {
        assertThat(new MountId(id).holder()).isEqualTo(new Holder.DockerCaller());
    }

    @Test
    void tellsAnEnginesUseFromTheOthers() {
        assertThat(new MountId("0a".repeat(32)).ofEngine()).isTrue();
        for (String other : List.of("", "0a", "0A".repeat(32), "0a".repeat(33), "mooring:c1:1")) {
            assertThat(new MountId(other).ofEngine()).as(other).isFalse();
        }
    }

    @Test
    void refusesWhatWouldNotFitIntoARecord() {
        assertThatThrownBy(() -> new MountId("x".repeat(257))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MountId("a\nb")).isInstanceOf(IllegalArgumentException.class);
    }
}
