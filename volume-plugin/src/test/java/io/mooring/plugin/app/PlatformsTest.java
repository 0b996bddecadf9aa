package io.mooring.plugin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.volume.VolumeException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformsTest {
    private static Platforms platforms(String key, String value) {
        Map<String, String> section = new TreeMap<>(Map.of("endpoint", "https://host/api", "volumepath", "/disks"));
        section.put(key, value);
        return new Platforms(section, new Commands(Programs.ofTheSystem()));
    }

    @ParameterizedTest
    @CsvSource({
        "virtualbox, tls, perhaps, virtualbox.tls is 'perhaps'",
        "virtualbox, endpoint, host:1, virtualbox.endpoint",
        "virtualbox, volumepath, '', virtualbox.volumepath is missing",
        "scaleio, insecure, never, scaleio.insecure is 'never'",
        "scaleio, thinorthick, fat, 'ThinProvisioned or ThickProvisioned'",
    })
    void refusesAValueThatItWouldHaveToGuess(String driver, String key, String value, String message) {
        assertThatThrownBy(() -> platforms(key, value).of(driver))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void takesTheUsualWordsForTrue() throws VolumeException {
        for (String truth : new String[] {"true", "TRUE", "1", "yes", "off", ""}) {
            assertThat(platforms("tls", truth).of("virtualbox")).isPresent();
        }
        assertThat(platforms("tls", "1").of("loop")).isEmpty();
    }
}
