package io.mooring.common.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostProberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HostProber prober = new HostProber(program -> new ProcessBuilder(program.argv()).start());

    private static Probe program(String script) {
        return new Probe.Program(List.of("/bin/sh", "-c", script), Map.of());
    }

    @Test
    void tellsTheStatusOfAServerBehindARedirect() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/old", exchange -> {
            exchange.getResponseHeaders().add("Location", "/new");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/new", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try {
            Probe probe = new Probe.Http(
                    "http", Probe.Family.IPV4, server.getAddress().getPort(), "/old");

            assertThat(prober.ask(probe, PATIENCE)).isEqualTo(new Answer.Responded(503));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tellsAnOpenPortFromAClosedOne() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(prober.ask(new Probe.Tcp(Probe.Family.IPV4, port), PATIENCE))
                    .isEqualTo(new Answer.Connected(true));
        }
        assertThat(prober.ask(new Probe.Tcp(Probe.Family.IPV4, port), PATIENCE)).isEqualTo(new Answer.Connected(false));
    }

    @Test
    void tellsTheExitStatusOfAProgram() throws Exception {
        assertThat(prober.ask(program("exit 3"), PATIENCE)).isEqualTo(new Answer.Exited(3));
        assertThat(prober.ask(program("exit 0"), Duration.ZERO)).isEqualTo(new Answer.Exited(0));
    }

    @Test
    void endsAProgramThatTakesTooLong() throws Exception {
        long before = System.nanoTime();

        Answer answer = prober.ask(program("sleep 60; exit 0"), Duration.ofMillis(200));

        assertThat(answer).isEqualTo(new Answer.Failed("Command timed out after 200 ms"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE);
    }

    @Test
    void asksAgainAndAgainUntilItIsStopped() throws IOException, InterruptedException {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        CheckRhythm rhythm = new CheckRhythm(Duration.ZERO, Duration.ofMillis(10), PATIENCE);
        Checking checking = Checking.begin(program("exit 0"), rhythm, prober, (answer, age) -> answers.add(answer));
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(new Answer.Exited(0));
            }
        } finally {
            checking.close();
        }
        Thread.sleep(100);
        answers.clear();
        assertThat(answers.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
}
