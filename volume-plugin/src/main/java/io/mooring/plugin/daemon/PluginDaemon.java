package io.mooring.plugin.daemon;

import io.mooring.plugin.app.PluginMain;
import io.mooring.plugin.app.PluginOptions;
import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.config.ModuleConfig;
import io.mooring.plugin.docker.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The plugin as a service without a service manager: started into the background, asked about, ended. Where there is
 * systemd its unit does the same.
 */
public final class PluginDaemon {
    private static final Duration START = Duration.ofSeconds(60);
    /** Above what a call in flight is given. */
    private static final Duration STOP = Duration.ofSeconds(60);

    private static final int TAIL = 20;
    private static final int MOST_TAIL = 16 * 1024;

    private final Path runDirectory;
    private final Path log;
    private final PidFile pidFile;

    /**
     * @param runDirectory where it is recorded which process runs
     * @param log what the process says is appended here
     */
    public PluginDaemon(Path runDirectory, Path log) {
        this.runDirectory = runDirectory;
        this.log = log;
        this.pidFile = new PidFile(runDirectory.resolve("plugin.pid"));
    }

    /** What became of a start or a stop. */
    public sealed interface Result {
        /** It runs and answers at all of its endpoints. */
        record Started(long pid, List<Endpoint> endpoints) implements Result {}

        /** One runs already; nothing was done. */
        record Already(long pid) implements Result {}

        /** It ended instead of serving, or did not come up in time. */
        record Failed(String why) implements Result {}

        /** It has ended. */
        record Stopped(long pid) implements Result {}

        /** None runs; nothing was done. */
        record NotRunning() implements Result {}
    }

    /**
     * Starts it and waits until it serves.
     *
     * @throws ConfigException when its configuration cannot be used; nothing was started
     */
    public Result start(List<String> arguments) throws ConfigException, IOException, InterruptedException {
        Files.createDirectories(runDirectory);
        try (FileChannel guard = FileChannel.open(
                        runDirectory.resolve("plugin.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = guard.tryLock()) {
            if (lock == null) {
                return new Result.Failed("another start or stop of the volume plugin is under way");
            }
            Optional<ProcessHandle> running = pidFile.process();
            if (running.isPresent()) {
                return new Result.Already(running.get().pid());
            }
            return launch(arguments);
        }
    }

    private Result launch(List<String> arguments) throws ConfigException, IOException, InterruptedException {
        List<Endpoint> endpoints = PluginOptions.parse(arguments).modules(System.getenv()).stream()
                .map(ModuleConfig::endpoint)
                .toList();
        Optional<Endpoint> taken =
                endpoints.stream().filter(PluginDaemon::answers).findFirst();
        if (taken.isPresent()) {
            return new Result.Failed("a process that was not started here serves " + taken.get()
                    + " already; end it, or choose another --plugin-dir");
        }
        Files.createDirectories(log.getParent());
        long before = Files.exists(log) ? Files.size(log) : 0;
        Process process = new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        pidFile.write(process.toHandle());
        long deadline = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            // Somebody else's socket may answer while ours is on its way down, so it is not looked at too early.
            Thread.sleep(100);
            if (endpoints.stream().allMatch(PluginDaemon::answers) && process.isAlive()) {
                return new Result.Started(process.pid(), endpoints);
            }
        }
        String why = process.isAlive() ? "it does not serve after " + START.toSeconds() + " s" : "it ended";
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        pidFile.remove();
        return new Result.Failed(why + ":\n" + String.join("\n", said(before)));
    }

    /** In a session of its own, so that it outlives the terminal; with its own libraries, where the launcher says where they are. */
    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("mooring.plugin", System.getProperty("java.class.path")),
                PluginMain.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private List<String> said(long before) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            channel.position(Math.max(Math.min(before, channel.size()), channel.size() - MOST_TAIL));
            byte[] bytes = Channels.newInputStream(channel).readNBytes(MOST_TAIL);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
        }
    }

    /** Ends it, and waits until the calls in flight have ended. */
    public Result stop() throws IOException, InterruptedException {
        Optional<ProcessHandle> running = pidFile.process();
        if (running.isEmpty()) {
            pidFile.remove();
            return new Result.NotRunning();
        }
        ProcessHandle process = running.get();
        process.destroy();
        long deadline = System.nanoTime() + STOP.toNanos();
        while (pidFile.process().isPresent() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        if (pidFile.process().isPresent()) {
            return new Result.Failed("process " + process.pid() + " was told to end and has not after "
                    + STOP.toSeconds() + " s; a call to the storage may hang, see " + log);
        }
        pidFile.remove();
        return new Result.Stopped(process.pid());
    }

    /** The process, if one runs. */
    public Optional<ProcessHandle> running() throws IOException {
        return pidFile.process();
    }

    /** Whether somebody takes connections there. */
    public static boolean answers(Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Tcp tcp) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(((Endpoint.Socket) endpoint).path()));
        } catch (IOException e) {
            return false;
        }
    }
}
