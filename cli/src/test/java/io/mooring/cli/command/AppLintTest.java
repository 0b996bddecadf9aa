package io.mooring.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is said of a definition without a scheduler. JSON stands in single quotes here. */
class AppLintTest {
    private final StringWriter said = new StringWriter();

    private int lint(String json) {
        PrintWriter out = new PrintWriter(said);
        int result = new AppLint(out).lint("web.json", json.replace('\'', '"'));
        out.flush();
        return result;
    }

    @Test
    void saysWhatEachFieldComesTo() {
        int result = lint("{'id':'/web','cmd':'run','residency':{},'tasksRunning':3,'colour':'red',"
                + "'env':{'DVDI_VOLUME_NAME':'orders','DVDI_VOLUME_OPTS':'size=5'}}");

        assertThat(result).isZero();
        assertThat(said.toString().lines().map(line -> line.replaceAll(" +", " ")
                        .strip()))
                .contains("app /web", "cmd in effect")
                .anyMatch(line -> line.startsWith("residency accepted"))
                .anyMatch(line -> line.startsWith("tasksRunning part of answers"))
                .anyMatch(line -> line.startsWith("colour not a field"))
                .anyMatch(
                        line -> line.startsWith("orders rexray its default path RW single-writer ifMissing evidence"));
    }

    @Test
    void namesAllThatIsWrong() {
        int result = lint("{'id':'/Web','cmd':'run','cpus':0,'env':{'DVDI_VOLUME_NAME10':'orders'}}");

        assertThat(result).isEqualTo(1);
        assertThat(said.toString()).contains("refused:", "/id", "/cpus", "/env/DVDI_VOLUME_NAME10", "expected: ");
    }

    @Test
    void readsSeveralDefinitionsAndTellsOfEach() {
        assertThat(lint("[{'id':'/a','cmd':'x'},{'id':'/b'}]")).isEqualTo(1);
        assertThat(said.toString()).contains("app /a", "app /b");
        assertThat(lint("['a']")).isEqualTo(1);
        assertThat(lint("{'id':")).isEqualTo(1);
        assertThat(said.toString()).contains("web.json is no JSON", "line 1");
    }

    @Test
    void hasNothingAgainstTheExamples() throws IOException {
        for (String example : new String[] {"postgresql.json", "hello-play.json", "nginx.json"}) {
            assertThat(lint(Files.readString(Path.of("../marathon-examples", example))))
                    .as("%s: %s", example, said)
                    .isZero();
        }
    }
}
