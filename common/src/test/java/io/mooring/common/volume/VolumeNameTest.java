package io.mooring.common.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolumeNameTest {
    @Test
    void namesThatDifferOnlyInCaseHaveOneKey() {
        assertThat(new VolumeName("Orders-DB").key()).isEqualTo(new VolumeName("orders-db").key());
        assertThat(new VolumeName("Orders-DB").value()).isEqualTo("Orders-DB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../x", "a/b", "-rf", ".hidden", "a b", "a\nb", "a\u0000b", "é1", "a'b", "$(id)"})
    void refusesWhatCouldLeaveItsPlace(String name) {
        assertThatThrownBy(() -> new VolumeName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 to 128 letters");
    }

    @Test
    void refusesAnOverlongName() {
        assertThatThrownBy(() -> new VolumeName("a".repeat(300))).hasMessageContaining("...");
    }

    @Test
    void aWordThatIsNoPolicyIsAnsweredWithTheList() {
        assertThat(TakeoverPolicy.of("fence")).isEqualTo(TakeoverPolicy.FENCE);
        assertThatThrownBy(() -> TakeoverPolicy.of("steal")).hasMessageContaining("evidence, fence, manual");
    }
}
