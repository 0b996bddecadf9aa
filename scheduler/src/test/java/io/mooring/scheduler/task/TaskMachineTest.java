package io.mooring.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every task state with every report, against one table; a dot stands for nothing new. */
class TaskMachineTest {
    private static final String TABLE = """
            report            STAGING      STARTING     RUNNING      KILLING      UNREACHABLE  ENDED
            STAGING           .            .            .            .            STAGING      .
            STARTING          STARTING     .            .            .            STARTING     .
            RUNNING           RUNNING      RUNNING      .            .            RUNNING      .
            KILLING           KILLING      KILLING      KILLING      .            KILLING      .
            FINISHED          ENDED        ENDED        ENDED        ENDED        ENDED        .
            FAILED            ENDED        ENDED        ENDED        ENDED        ENDED        .
            KILLED            ENDED        ENDED        ENDED        ENDED        ENDED        .
            ERROR             ENDED        ENDED        ENDED        ENDED        ENDED        .
            DROPPED           ENDED        ENDED        ENDED        ENDED        ENDED        .
            GONE              ENDED        ENDED        ENDED        ENDED        ENDED        .
            GONE_BY_OPERATOR  UNREACHABLE  UNREACHABLE  UNREACHABLE  UNREACHABLE  .            .
            UNREACHABLE       UNREACHABLE  UNREACHABLE  UNREACHABLE  UNREACHABLE  .            .
            UNKNOWN           UNREACHABLE  UNREACHABLE  UNREACHABLE  UNREACHABLE  .            .
            LOST              UNREACHABLE  UNREACHABLE  UNREACHABLE  UNREACHABLE  .            .
            """;

    static Stream<Arguments> cells() {
        List<String[]> rows =
                TABLE.lines().map(line -> line.trim().split(" +", -1)).toList();
        String[] header = rows.get(0);
        List<Arguments> cells = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            for (int column = 1; column < header.length; column++) {
                cells.add(Arguments.of(TaskState.valueOf(header[column]), Report.valueOf(row[0]), row[column]));
            }
        }
        return cells.stream();
    }

    @Test
    void tableNamesEveryStateWithEveryReport() {
        assertThat(cells().map(cell -> cell.get()[0] + " " + cell.get()[1]).distinct())
                .hasSize(TaskState.values().length * Report.values().length);
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @MethodSource("cells")
    void answersEveryReportInEveryState(TaskState state, Report report, String expected) {
        Optional<TaskState> next = expected.equals(".") ? Optional.empty() : Optional.of(TaskState.valueOf(expected));

        assertThat(TaskMachine.on(state, report)).isEqualTo(next);
    }
}
