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
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;

/**
 * Asks tasks that share this host's network. As Mesos' checks do, it asks the loopback address, follows redirects, and
 * takes any certificate: a check says whether a task answers, not who it is.
 */
public final class HostProber implements Prober {
    private final ProgramRunner programs;

    public HostProber(ProgramRunner programs) {
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

    private static Answer get(Probe.Http probe, Duration timeout) throws IOException {
        String host = probe.family() == Probe.Family.IPV6
                ? "[" + probe.family().loopback() + "]"
                : probe.family().loopback();
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

    private static Answer connect(Probe.Tcp probe, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(probe.family().loopback(), probe.port()), millis(timeout));
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
