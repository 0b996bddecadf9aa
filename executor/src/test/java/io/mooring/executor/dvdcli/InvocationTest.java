package io.mooring.executor.dvdcli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.executor.dvdcli.Invocation.Command;
import io.mooring.executor.dvdcli.Invocation.Create;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {
    private static Invocation parse(String line) {
        return Invocation.parse(List.of(line.split(" ")));
    }

    @Test
    void takesFlagsBeforeAndBehindTheCommand() {
        for (String line : List.of(
                "mount --volumedriver=rexray --volumename=test12345 --volumeopts=size=5,iops=150 --volumeopts=a=b=c",
                "--volumedriver rexray --volumename test12345 mount --volumeopts size=5,iops=150,a=b=c")) {
            Invocation invocation = parse(line);
            assertThat(invocation.command()).isEqualTo(Command.MOUNT);
            assertThat(invocation.driver()).contains("rexray");
            assertThat(invocation.volume()).contains("test12345");
            assertThat(invocation.options()).isEqualTo(Map.of("size", "5", "iops", "150", "a", "b=c"));
            assertThat(invocation.explicit()).isEqualTo(Create.WHEN_MISSING);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--explicitcreate, ONLY_EXPLICITLY",
        "--explicitcreate=true, ONLY_EXPLICITLY",
        "--explicitCreate=true, ONLY_EXPLICITLY",
        "--explicitcreate=false, WHEN_MISSING"
    })
    void takesExplicitCreateInBothOfItsForms(String flag, Create create) {
        assertThat(parse("mount --volumename=x " + flag).explicit()).isEqualTo(create);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mount --volumeopts=foo | must be KEY=VALUE",
                "mount --volumeopts==5 | must be KEY=VALUE",
                "mount --volumename | needs a value",
                "mount --volume=x | unknown flag --volume",
                "attach --volumename=x | unknown command 'attach'",
                "mount x | unexpected argument 'x'",
                "path --volumeopts=size=5 | goes with create and mount only",
                "get --explicitcreate | goes with mount only",
                "mount --explicitcreate=perhaps | must be true or false",
            })
    void refusesWhatTheOriginalCrashesOnOrTakesForSuccess(String line, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void helpsWhoAsksForNothing() {
        assertThat(Invocation.parse(List.of()).command()).isEqualTo(Command.HELP);
        assertThat(parse("mount --help").command()).isEqualTo(Command.HELP);
    }
}
