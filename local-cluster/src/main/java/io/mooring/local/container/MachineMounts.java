package io.mooring.local.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The mounts of the machine that an agent plays, with the loop devices below them. */
public final class MachineMounts {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final long SECONDS = 15;

    private record Mount(String point, String source) {}

    private final Path runDir;

    /** @param runDir below which they are */
    public MachineMounts(Path runDir) {
        this.runDir = runDir;
    }

    /**
     * They are gone as after a reboot: whoever uses one is not asked.
     *
     * @throws IOException naming one that stays
     */
    public void forget() throws IOException {
        List<Mount> mounts = found();
        Collections.reverse(mounts); // the deepest first
        for (Mount mount : mounts) {
            run("umount", "--lazy", mount.point());
        }
        for (Mount mount : mounts) {
            if (mount.source().startsWith("/dev/loop")) {
                run("losetup", "--detach", mount.source());
            }
        }
        List<Mount> left = found();
        if (!left.isEmpty()) {
            throw new IOException(left.get(0).point() + " is still mounted");
        }
    }

    private List<Mount> found() throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (String line : Files.readAllLines(MOUNTS)) {
            String[] fields = line.split(" ");
            // Optional fields stand before the dash, type and source behind it.
            int dash = List.of(fields).indexOf("-");
            if (fields[4].startsWith(runDir + "/")) {
                mounts.add(new Mount(fields[4], fields[dash + 2]));
            }
        }
        return mounts;
    }

    /** A device that is gone already is what is wanted, so nobody looks at the status. */
    private static void run(String... argv) throws IOException {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
