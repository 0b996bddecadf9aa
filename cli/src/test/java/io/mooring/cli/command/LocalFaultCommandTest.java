package io.mooring.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LocalFaultCommandTest {
    private static final String LIST = "[{\"fault\":\"heal\",\"what\":\"it ends\",\"options\":"
            + "[{\"option\":\"agent\",\"required\":true,\"what\":\"which\"}]}]";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private volatile String asked = "";
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/local/fault", exchange -> {
            asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean refused = asked.contains("nobody");
            byte[] answer = (refused ? "unknown agent" : asked.isEmpty() ? LIST : "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 404 : 200, answer.length == 0 ? -1 : answer.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
        Files.writeString(
                directory.resolve("processes.json"),
                "{\"mesos\":\"127.0.0.1:" + server.getAddress().getPort() + "\"}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(String... words) {
        CommandLine command = new CommandLine(new LocalFaultCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--dir";
        all[words.length + 1] = directory.toString();
        return command.execute(all);
    }

    @Test
    void passesTheFaultsOwnOptionsOn() {
        assertThat(run("delay-events", "--agent", "agent-1", "--seconds", "2.5", "--count=3"))
                .isZero();

        assertThat(asked)
                .isEqualTo("{\"fault\":\"delay-events\",\"agent\":\"agent-1\",\"seconds\":\"2.5\",\"count\":\"3\"}");
        assertThat(err.toString()).contains("delay-events: done");
    }

    @Test
    void saysWhyTheClusterRefuses() {
        assertThat(run("heal", "--agent", "nobody")).isEqualTo(1);

        assertThat(err.toString()).contains("unknown agent");
    }

    @Test
    void tellsWhichFaultsThereAre() {
        assertThat(run("--list")).isZero();

        assertThat(out.toString()).contains("heal: it ends", "--agent (needed) which");
    }

    @Test
    void saysThatNoClusterRuns() throws IOException {
        Files.delete(directory.resolve("processes.json"));

        assertThat(run("--list")).isNotZero();
        assertThat(err.toString()).contains("no cluster runs in " + directory);
    }

    @Test
    void refusesWordsThatAreNoOptions() {
        assertThat(run("heal", "--agent", "agent-1", "--seconds")).isNotZero();

        assertThat(err.toString()).contains("'--seconds' is no option of a fault");
        assertThat(asked).isEmpty();
    }
}
