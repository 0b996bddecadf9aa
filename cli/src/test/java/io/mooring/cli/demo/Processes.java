package io.mooring.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this installation that a test runs, each with its log in the test's directory. */
final class Processes {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final long PATIENCE_SECONDS = 90;
    private static final long END_SECONDS = 40;

    private final Path home;
    private final List<Process> running = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    Processes(Path home) {
        this.home = home;
    }

    /** Something that comes true some time. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Starts a main class with its arguments. */
    void java(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-cp",
                ROOT.resolve("cli/target/mooring/lib") + "/*"));
        command.addAll(List.of(arguments));
        running.add(new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".log").toFile())
                .start());
        names.add(name);
    }

    /** The one that was started last, which may end now. */
    Process forgetLast() {
        return running.remove(running.size() - 1);
    }

    /** What a program wrote. */
    String said(String name) throws IOException {
        Path log = home.resolve(name + ".log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    void await(Condition condition, String what) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > until || !running.stream().allMatch(Process::isAlive)) {
                StringBuilder all = new StringBuilder("waited in vain for " + what + ":\n");
                for (String name : names) {
                    all.append(said(name));
                }
                throw new AssertionError(all.toString());
            }
            Thread.sleep(100);
        }
    }

    /** Ends all, the last one first. */
    void close() throws InterruptedException {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).destroy();
            if (!running.get(i).waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                running.get(i).destroyForcibly().waitFor();
            }
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
