package io.mooring.common.probe;

import io.mooring.common.health.Answer;
import io.mooring.common.health.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;

/**
 * Asks tasks that this host's network reaches. As Mesos' checks do, it asks the loopback address, follows redirects, and
 * takes any certificate: a check says whether a task answers, not who it is.
 */
public final class HostProber implements Prober {
    private final Optional<String> address;
    private final ProgramRunner programs;

    /** For tasks in this host's own network. */
    public HostProber(ProgramRunner programs) {
        this(Optional.empty(), programs);
    }

    /** @param address of a task that has one of its own; empty for one that has this host's */
    public HostProber(Optional<String> address, ProgramRunner programs) {
        this.address = address;
        this.programs = programs;
    }

    @Override
    public Answer ask(Probe probe, Duration timeout) throws InterruptedException {
        try {
            if (probe instanceof Probe.Http http) {
                return get(http, timeout);
            }
            return probe instanceof Probe.Tcp tcp ? connect(tcp, timeout) : run((Probe.Program) probe, timeout);
        } catch (IOException e) {
            return new Answer.Failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private Answer get(Probe.Http probe, Duration timeout) throws IOException {
        String plain = address.orElse(probe.family().loopback());
        String host = plain.contains(":") ? "[" + plain + "]" : plain;
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(probe.scheme() + "://" + host + ":" + probe.port() + probe.path())
                        .toURL()
                        .openConnection();
        if (connection instanceof HttpsURLConnection https) {
            AnyCertificate.allowFor(https);
        }
        connection.setConnectTimeout(millis(timeout));
        connection.setReadTimeout(millis(timeout));
        connection.setUseCaches(false);
        try {
            return new Answer.Responded(connection.getResponseCode());
        } finally {
            connection.disconnect();
        }
    }

    private Answer connect(Probe.Tcp probe, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.orElse(probe.family().loopback()), probe.port()), millis(timeout));
            return new Answer.Connected(true);
        } catch (ConnectException e) {
            return new Answer.Connected(false);
        }
    }

    private Answer run(Probe.Program program, Duration timeout) throws IOException, InterruptedException {
        Process process = programs.start(program);
        try {
            if (timeout.isZero()) {
                return new Answer.Exited(process.waitFor());
            }
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? new Answer.Exited(process.exitValue())
                    : new Answer.Failed("Command timed out after " + timeout.toMillis() + " ms");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Zero is no limit, for the JDK too; what is shorter than a millisecond is one. */
    private static int millis(Duration timeout) {
        return timeout.isZero() ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }
}
