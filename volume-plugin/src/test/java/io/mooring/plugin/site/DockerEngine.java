package io.mooring.plugin.site;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Docker Engine of a test: everything of it lies in one directory, it listens on a unix socket there, and it changes
 * nothing of the machine's network. Closing it removes its containers and ends its processes.
 */
public final class DockerEngine implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final Path CLIENT = Path.of("/usr/bin/docker");
    private static final List<String> LINKS = List.of(
            "sh", "cat", "sync", "sleep", "echo", "httpd", "mount", "grep", "test", "touch", "ls", "id", "env", "dd",
            "kill");

    private final Path directory;
    private final List<String> command;
    private Process daemon;

    private DockerEngine(Path directory, List<String> command) {
        this.directory = directory;
        this.command = command;
    }

    /** What a program came to. */
    public record Said(int exit, String output) {}

    /**
     * Starts one and waits until it answers.
     *
     * @param directory for all of it; short, because of the socket's path
     * @param inside the command that runs another one in the engine's namespaces; empty for this process's own
     * @param options such as {@code --bridge=none}
     */
    public static DockerEngine start(Path directory, List<String> inside, String... options) throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of(
                "dockerd",
                "--data-root=" + directory.resolve("root"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("docker.pid"),
                "--host=unix://" + directory.resolve("docker.sock"),
                "--storage-driver=vfs",
                "--iptables=false",
                "--ip-forward=false",
                "--ip-masq=false"));
        command.addAll(List.of(options));
        DockerEngine engine = new DockerEngine(directory, command);
        engine.start();
        return engine;
    }

    /** Starts it again, after its end. */
    public void start() throws IOException {
        daemon = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(socket()) || say("version").exit() != 0) {
            if (System.nanoTime() > deadline || !daemon.isAlive()) {
                throw new AssertionError("no Docker Engine: " + Files.readString(log()));
            }
            pause();
        }
    }

    public Path socket() {
        return directory.resolve("docker.sock");
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** Makes an image of busybox. {@code changes} are lines of a Dockerfile. */
    public void importImage(String name, String... changes) throws IOException {
        Path root = Files.createDirectories(directory.resolve("image-" + System.nanoTime()));
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("tmp"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String link : LINKS) {
            Files.createSymbolicLink(root.resolve("bin").resolve(link), Path.of("busybox"));
        }
        Path archive = directory.resolve(root.getFileName() + ".tar");
        run(List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."));
        List<String> arguments = new ArrayList<>(List.of("import"));
        for (String change : changes) {
            arguments.addAll(List.of("--change", change));
        }
        arguments.addAll(List.of(archive.toString(), name));
        docker(arguments.toArray(new String[0]));
    }

    /** A command of the engine's client that has to succeed; its output. */
    public String docker(String... arguments) throws IOException {
        Said said = say(arguments);
        if (said.exit() != 0) {
            throw new AssertionError("docker " + String.join(" ", arguments) + ": " + said.output());
        }
        return said.output();
    }

    /** A command of the engine's client. */
    public Said say(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(CLIENT.toString(), "--host", "unix://" + socket()));
        argv.addAll(List.of(arguments));
        return run(argv);
    }

    private static Said run(List<String> argv) throws IOException {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        await(process);
        return new Said(process.exitValue(), output);
    }

    private static void await(Process process) throws IOException {
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("it does not end: " + process.info());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** As kill -9 does. Its containers go on running, as they do without an engine. */
    public void kill() throws IOException {
        long pid =
                Long.parseLong(Files.readString(directory.resolve("docker.pid")).strip());
        List<ProcessHandle> family = new ArrayList<>(
                ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        await(daemon);
        // Its containerd ends with it, and the next one waits for that end in vain when it comes too early.
        for (ProcessHandle child : family) {
            child.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
        Files.deleteIfExists(directory.resolve("docker.pid"));
    }

    /** Ends it orderly: containers are stopped, volumes unmounted. */
    public void stop() throws IOException {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        await(daemon);
    }

    private long pid() {
        try {
            return Long.parseLong(
                    Files.readString(directory.resolve("docker.pid")).strip());
        } catch (IOException e) {
            return daemon.pid();
        }
    }

    @Override
    public void close() throws IOException {
        if (daemon.isAlive()) {
            for (String id : say("ps", "--all", "--quiet").output().lines().toList()) {
                say("rm", "--force", "--volumes", id);
            }
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
            await(daemon);
        }
        endWhatIsLeft();
        run(List.of(
                "sh", "-c", "for m in $(grep -o ' " + directory + "/[^ ]*' /proc/self/mounts); do umount -l $m; done"));
        run(List.of("rm", "-rf", "--one-file-system", directory.toString()));
    }

    /** Shims of containers outlive a killed engine; each has the directory among its arguments. */
    private void endWhatIsLeft() throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(this::isOurs)
                    .sorted(Comparator.comparing(ProcessHandle::pid).reversed())
                    .forEach(process -> {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    });
        }
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            String arguments = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
            return arguments.contains("containerd") && arguments.contains(directory + "/");
        } catch (IOException e) {
            return false; // it ended meanwhile
        }
    }
}
