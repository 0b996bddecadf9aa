package io.mooring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script sees of the command: exit code, standard output, standard error. */
class MooringMainTest {
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private HttpServer scheduler;

    @BeforeEach
    void listens() throws IOException {
        System.setOut(new PrintStream(data, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
        scheduler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        scheduler.start();
    }

    @AfterEach
    void stops() {
        scheduler.stop(0);
        System.setOut(systemOut);
        System.setErr(systemErr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app",
                "app run",
                "app run /no/such/file",
                "app run /tmp",
                "app run - --wait -1",
                "app scale x y",
                "volume create v1",
                "no-such-command",
                "plugin stop --rundir /x",
                "plugin status now",
                "plugin lint /dev/null --strict",
                "status --url ftp://x",
                "local --agents 0",
                "local --port 0",
                "scheduler --config /no/such/file",
            })
    void endsWith2AndSaysNothingOnStandardOutputWhenItIsUsedWrongly(String line) {
        assertThat(MooringMain.run(line.isEmpty() ? new String[0] : line.split(" ")))
                .isEqualTo(2);

        assertThat(text(messages)).isNotBlank();
        assertThat(text(data)).isEmpty();
    }

    @Test
    void endsWith3WhenNobodyIsThere() {
        scheduler.stop(0);

        assertThat(run("status")).isEqualTo(3);

        assertThat(text(messages)).contains("no scheduler answers at " + url(), "--url or MOORING_URL");
    }

    @Test
    void endsWith3WhenNobodyLeads() {
        answer(503, "{\"title\":\"no leader\",\"detail\":\"an election is under way\"}");

        assertThat(run("volume ls")).isEqualTo(3);

        assertThat(text(messages)).contains("no leader: an election is under way");
    }

    @Test
    void endsWith1AndSaysWhyWhenItIsRefused() {
        answer(409, "{\"detail\":\"volume v1 is in use by app /a\"}");

        assertThat(run("volume rm v1")).isEqualTo(1);

        assertThat(text(messages)).isEqualTo("volume v1 is in use by app /a\n");
        assertThat(text(data)).isEmpty();
    }

    @Test
    void printsTheAnswerUnchangedWhenThatIsAskedFor() {
        String body = "{ \"items\" :  [],\"more\":1e2}";
        answer(200, body);

        assertThat(run("--json volume ls")).isZero();

        assertThat(text(data)).isEqualTo(body + "\n");
    }

    private int run(String line) {
        return MooringMain.run((line + " --url " + url()).split(" "));
    }

    private String url() {
        return "http://127.0.0.1:" + scheduler.getAddress().getPort();
    }

    private void answer(int status, String body) {
        scheduler.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
