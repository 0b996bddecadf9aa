package io.mooring.executor;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What a test needs of the machine: it is skipped without, unless everything has to run. */
final class Parts {
    private static final long PATIENCE = 20_000;

    private Parts() {}

    static void needRoot() throws Exception {
        need((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
    }

    static void needLoopDevices() throws Exception {
        needRoot();
        need(Files.exists(Path.of("/dev/loop-control")), "needs loop devices (/dev/loop-control)");
        need(
                Files.exists(Path.of("/usr/sbin/mkfs.ext4")) || Files.exists(Path.of("/sbin/mkfs.ext4")),
                "needs e2fsprogs");
    }

    static void needCgroups() {
        need(
                Files.isWritable(Path.of("/sys/fs/cgroup/memory/cgroup.procs")),
                "needs cgroups of version 1 that may be written (/sys/fs/cgroup/memory)");
    }

    private static void need(boolean there, String what) {
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(what);
        }
        assumeTrue(there, what);
    }

    /** Waits until something is so, and fails with its name if it does not become so. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.currentTimeMillis() + PATIENCE;
        while (!condition.call()) {
            if (System.currentTimeMillis() > deadline) {
                fail("not within 20 s: " + what);
            }
            Thread.sleep(20);
        }
    }

    /** The processes that have a text in their arguments. */
    static List<String> processesWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String arguments = arguments(process);
                if (arguments.contains(text)) {
                    found.add(process.getFileName() + " " + arguments);
                }
            }
        }
        return found;
    }

    /** A process's resident memory. */
    static long residentKib(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static String arguments(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"));
        } catch (IOException e) {
            return ""; // it ended meanwhile
        }
    }
}
