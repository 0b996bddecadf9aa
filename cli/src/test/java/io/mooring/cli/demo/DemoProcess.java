package io.mooring.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real {@code mooring demo} with a home of its own, and what it leaves on the machine. */
final class DemoProcess {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXECUTOR = ROOT.resolve("executor/target/mooring-executor/bin/mooring-executor");
    private static final Path LIBRARIES = ROOT.resolve("cli/target/mooring/lib");

    private final Path output;
    private final Process process;

    private DemoProcess(Path output, Process process) {
        this.output = output;
        this.process = process;
    }

    static DemoProcess start(Path home) throws IOException {
        return start(home, ROOT, EXECUTOR, LIBRARIES, List.of());
    }

    /** The demo of a user who is not root, from a copy of the program that this user may read. */
    static DemoProcess startAs(String user, Path home) throws Exception {
        Path program = Files.createDirectory(home.resolve("program"));
        run("cp", "-rL", EXECUTOR.getParent().getParent().toString(), LIBRARIES.toString(), program.toString());
        Path examples = Files.createDirectory(program.resolve("marathon-examples"));
        Files.copy(ROOT.resolve("marathon-examples/counter.json"), examples.resolve("counter.json"));
        run("chown", "-R", user, home.toString());
        List<String> as = List.of("setpriv", "--reuid", user, "--clear-groups", "--regid", "nogroup");
        Path executor = program.resolve("mooring-executor/bin/mooring-executor");
        return start(home, program, executor, program.resolve("lib"), as);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static DemoProcess start(Path home, Path root, Path executor, Path libraries, List<String> as)
            throws IOException {
        if (!Files.isExecutable(executor)) {
            throw new IOException("the executor is not built: " + executor);
        }
        Path output = Files.createTempFile(home, "demo-", ".log");
        // As the launcher does it: whoever runs the tests in the background may have SIGINT ignored.
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-Dmooring.home=" + root,
                "-Dmooring.executor=" + executor,
                "-cp",
                libraries + "/*",
                "io.mooring.cli.MooringMain",
                "demo"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return new DemoProcess(output, builder.start());
    }

    String said() throws IOException {
        return Files.readString(output);
    }

    /** Waits until the story has come to these words. */
    void awaitWords(String words) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!said().contains(words)) {
            if (System.nanoTime() > until || !process.isAlive()) {
                throw new AssertionError("the demo did not come to '" + words + "':\n" + said());
            }
            Thread.sleep(20);
        }
    }

    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Its exit code; it has to end within two minutes. */
    int end() throws Exception {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the demo does not end:\n" + said());
        }
        return process.exitValue();
    }

    void destroy() {
        process.destroyForcibly();
    }

    /** What belongs to demos of this home: processes, mounts, loop devices, and directories for sockets. */
    static List<String> leftBy(Path home, List<Path> runDirectoriesBefore) throws IOException {
        List<String> left = new ArrayList<>();
        for (Path entry : list(Path.of("/proc"))) {
            if (entry.getFileName().toString().matches("[0-9]+")
                    && (text(entry.resolve("cmdline")) + text(entry.resolve("environ"))).contains(home + "/.mooring")) {
                left.add("process " + entry.getFileName());
            }
        }
        for (Path device : list(Path.of("/sys/block"))) {
            if (text(device.resolve("loop/backing_file")).startsWith(home.toString())) {
                left.add("loop device " + device.getFileName());
            }
        }
        List<Path> runDirectories = new ArrayList<>(runDirectories());
        runDirectories.removeAll(runDirectoriesBefore);
        runDirectories.forEach(directory -> left.add("run directory " + directory));
        for (String mount : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (mount.contains(home.toString())
                    || runDirectories.stream().anyMatch(directory -> mount.contains(directory.toString()))) {
                left.add("mount " + mount);
            }
        }
        return left;
    }

    /** Where clusters have their sockets and mounts. */
    static List<Path> runDirectories() throws IOException {
        return Stream.concat(list(Path.of("/run")).stream(), list(Path.of("/tmp")).stream())
                .filter(path -> path.getFileName().toString().matches("mooring-[0-9a-f]{8}"))
                .toList();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // it ended, it is not ours, or the device is free
        }
    }
}
