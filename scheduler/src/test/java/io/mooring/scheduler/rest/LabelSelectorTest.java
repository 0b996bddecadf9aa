package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tier; true",
                "none; false",
                "tier==db; true",
                "tier == web; false",
                "tier!=web; true",
                "none!=web; false",
                "tier in (web, db); true",
                "tier notin (web,db); false",
                "none notin (web); false",
                "tier, owner==ada; true",
                "tier,owner==bob; false",
                "a.b/c-d==1; true"
            })
    void choosesByWhatTheLabelsSay(String selector, boolean fits) {
        Map<String, String> labels = Map.of("tier", "db", "owner", "ada", "a.b/c-d", "1");

        assertThat(LabelSelector.parse(selector).test(labels)).isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tier=db", "==db", "tier in ()", "tier in (a", "tier==db owner==ada", "tier, ==", "tier in a"})
    void saysWhatItCannotRead(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(selector)
                .hasMessageContaining("key in (a, b)");
    }

    @Test
    void takesAnEmptySelectorForAll() {
        assertThat(LabelSelector.parse("").test(Map.of())).isTrue();
    }
}
