package io.mooring.scheduler.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollingTest {
    @ParameterizedTest
    @CsvSource({
        // wanted, least, most | well, ready, fresh, all | stops, starts
        "2, 2, 4,  2, 0, 0, 2,  0, 2",
        "2, 2, 4,  2, 1, 2, 4,  1, 0",
        "4, 2, 4,  4, 0, 0, 4,  2, 0",
        "4, 2, 4,  2, 1, 1, 3,  1, 1",
        "1, 0, 1,  1, 0, 0, 1,  1, 0",
        "1, 0, 1,  0, 0, 0, 1,  0, 0",
        "1, 0, 1,  0, 0, 0, 0,  0, 1"
    })
    void staysWithinItsBounds(
            int wanted, int least, int most, int well, int ready, int fresh, int all, int stops, int starts) {
        Rolling rolling = new Rolling(wanted, least, most);

        assertThat(rolling.mayStop(well, ready)).isEqualTo(stops);
        assertThat(rolling.mayStart(fresh, all)).isEqualTo(starts);
    }
}
