package io.mooring.benchmarks;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.backend.loop.Deadlines;
import io.mooring.plugin.backend.loop.LoopBackend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.process.Programs;
import io.mooring.plugin.service.Catalog;
import io.mooring.plugin.service.CatalogPolicy;
import io.mooring.plugin.service.CatalogPolicy.Switch;
import io.mooring.plugin.service.Copies;
import io.mooring.plugin.service.HeldVolumes;
import io.mooring.plugin.service.MountPolicy;
import io.mooring.plugin.volume.CreateDefaults;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.UsedCount;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What attach, format, mount, unmount and detach of a loop volume cost, beside the same programs run by hand in a shell: in
 * turns, on one pool, of the same size. Then 50 volumes at once, both ways. Budget: 1.3 times the steps by hand, at the
 * median. Needs root.
 *
 * <p>A plugin runs for months, and its code is compiled after its first volumes. So both sides have rounds before those that
 * count; what these would have been is printed, too, since that is what the first volumes after a start cost.
 */
public final class LoopVolumeBenchmark {
    private static final List<String> PHASES = List.of("attach", "format", "mount", "unmount");
    private static final int AT_ONCE = 50;
    /** Rounds before those that count. */
    private static final int WARM_UP = 150;

    private static final int COLD = 20;
    private static final int MOST_CROWDS = 10;
    /** The steps as somebody types them, with the time after each; the shell's clock starts no program. */
    private static final String BY_HAND = """
            set -e
            truncate -s 1G "$1"; mkdir -p "$2"
            t0=$EPOCHREALTIME
            device=$(losetup --find --show --direct-io=on "$1"); t1=$EPOCHREALTIME
            mkfs.ext4 -q -F "$device"; t2=$EPOCHREALTIME
            mount -t ext4 "$device" "$2"; t3=$EPOCHREALTIME
            umount "$2"; losetup --detach "$device"; t4=$EPOCHREALTIME
            rm "$1"; rmdir "$2"
            echo "$t0 $t1 $t2 $t3 $t4"
            """;

    private final Path directory;
    private final ThreadLocal<List<Long>> marks = ThreadLocal.withInitial(ArrayList::new);
    private final ThreadLocal<Long> starts = ThreadLocal.withInitial(() -> 0L);
    private final ThreadLocal<Long> programs = ThreadLocal.withInitial(() -> 0L);
    private Catalog catalog;
    private HeldVolumes held;

    private LoopVolumeBenchmark(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException, VolumeException, InterruptedException {
        System.setProperty("jdk.lang.Process.launchMechanism", "VFORK"); // as the plugin's own main does
        int rounds = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-").toRealPath();
        try {
            new LoopVolumeBenchmark(directory).run(rounds);
        } finally {
            FileTree.delete(directory);
        }
    }

    private void run(int rounds) throws IOException, VolumeException, InterruptedException {
        InstantSource clock = InstantSource.system();
        HostIdentity host = new HostIdentity(new MachineKey("bench"), new BootId("boot"));
        // None: by hand nobody makes a directory in the volume either.
        VolumeRoot root = new VolumeRoot(Path.of(""), PosixFilePermissions.fromString("rwx------"));
        Commands commands = new Commands(Programs.ofTheSystem(), new Watch());
        try (Pool pool = Pool.open(directory.resolve("pool"), LoopBackend.DRIVER, host.host())) {
            LoopBackend backend =
                    new LoopBackend(pool, directory.resolve("volumes"), root, commands, Deadlines.usual());
            Lanes lanes = new Lanes(clock, Duration.ofSeconds(60));
            backend.start();
            try {
                held = new HeldVolumes(
                        pool,
                        backend,
                        lanes,
                        host,
                        new MountPolicy(Preempt.OFF, UsedCount.HONOURED, 0, Duration.ZERO, Duration.ofHours(1)),
                        clock);
                catalog = new Catalog(
                        pool,
                        backend,
                        lanes,
                        new CatalogPolicy(
                                Switch.ON,
                                Switch.OFF,
                                Switch.ON,
                                Switch.ON,
                                new CreateDefaults(1, FsType.EXT4, "", 0, "")),
                        new Copies(pool, backend, lanes, host, clock),
                        clock);
                oneByOne(rounds);
                atOnce(Math.min(MOST_CROWDS, Math.max(3, rounds / 4)));
            } finally {
                backend.stop();
            }
        }
    }

    private void oneByOne(int rounds) throws IOException, VolumeException, InterruptedException {
        System.out.printf("the first %d volumes: ratio %.2f%n", COLD, ratio(inTurns("c", COLD)));
        inTurns("w", WARM_UP - COLD);
        Pair counted = inTurns("v", rounds);
        Figures ours = counted.ours();
        Figures hand = counted.hand();
        System.out.println("Mooring");
        ours.print("ms");
        System.out.println("by hand");
        hand.print("ms");
        System.out.println("ratio of the medians");
        for (String phase : List.of("attach", "format", "mount", "unmount", "all")) {
            System.out.printf("%-16s %10.2f%n", phase, ours.median(phase) / hand.median(phase));
        }
    }

    private Pair inTurns(String name, int rounds) throws IOException, VolumeException, InterruptedException {
        Pair pair = new Pair(new Figures(), new Figures());
        for (int i = 0; i < rounds; i++) {
            byUs(pair.ours(), name + i);
            byHand(pair.hand(), "h" + name + i);
        }
        return pair;
    }

    private static double ratio(Pair pair) {
        return pair.ours().median("all") / pair.hand().median("all");
    }

    /** The same rounds of both sides. */
    private record Pair(Figures ours, Figures hand) {}

    /** A phase ends where its program has ended, or where the next one's begins; what is done in between is this side's own. */
    private final class Watch implements Commands.Watch {
        @Override
        public void about(String program, List<String> arguments) {
            if (program.equals("mount") && arguments.contains("-t")) {
                marks.get().add(System.nanoTime());
            }
            starts.set(System.nanoTime());
        }

        @Override
        public void done(String program, List<String> arguments) {
            long now = System.nanoTime();
            programs.set(programs.get() + now - starts.get());
            if (program.equals("losetup") && marks.get().isEmpty()) {
                marks.get().add(now);
            }
        }
    }

    private void byUs(Figures figures, String name) throws IOException, VolumeException {
        VolumeName volume = new VolumeName(name);
        MountId use = new MountId("mooring:bench:1");
        catalog.create(volume, Map.of());
        marks.get().clear();
        programs.set(0L);
        long begun = System.nanoTime();
        held.mount(volume, use);
        long mounted = System.nanoTime();
        held.unmount(volume, use);
        long ended = System.nanoTime();
        List<Long> at = new ArrayList<>(List.of(begun));
        at.addAll(marks.get());
        at.add(mounted);
        at.add(ended);
        record(figures, at.stream().map(nanos -> nanos / 1e6).toList());
        figures.add("without programs", (ended - begun - programs.get()) / 1e6);
        catalog.remove(volume);
    }

    private void byHand(Figures figures, String name) throws IOException, InterruptedException {
        Process shell = shell(name);
        String times = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (shell.waitFor() != 0) {
            throw new IOException("the steps by hand failed: " + times);
        }
        record(
                figures,
                List.of(times.strip().split(" ")).stream()
                        .map(text -> Double.parseDouble(text) * 1e3)
                        .toList());
    }

    private Process shell(String name) throws IOException {
        return new ProcessBuilder(
                        "/bin/bash",
                        "-c",
                        BY_HAND,
                        "by-hand",
                        directory.resolve(name + ".img").toString(),
                        directory.resolve(name).toString())
                .redirectErrorStream(true)
                .start();
    }

    private static void record(Figures figures, List<Double> at) {
        for (int i = 0; i < PHASES.size(); i++) {
            figures.add(PHASES.get(i), at.get(i + 1) - at.get(i));
        }
        figures.add("all", at.get(PHASES.size()) - at.get(0));
    }

    private void atOnce(int rounds) throws InterruptedException {
        Figures figures = new Figures();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        for (int round = 0; round < rounds; round++) {
            String prefix = "r" + round + "-";
            figures.add("Mooring", all(workers, i -> byUs(new Figures(), prefix + i)));
            figures.add("by hand", all(workers, i -> byHand(new Figures(), "h" + prefix + i)));
        }
        workers.shutdown();
        System.out.println(AT_ONCE + " volumes at once, from create to removed");
        figures.print("ms");
        System.out.printf("%-16s %10.2f%n", "ratio", figures.median("Mooring") / figures.median("by hand"));
    }

    private static double all(ExecutorService workers, Step step) {
        long begun = System.nanoTime();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            int number = i;
            running.add(CompletableFuture.runAsync(() -> take(step, number), workers));
        }
        running.forEach(CompletableFuture::join);
        return (System.nanoTime() - begun) / 1e6;
    }

    private static void take(Step step, int number) {
        try {
            step.take(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (VolumeException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One volume's life. */
    private interface Step {
        void take(int number) throws IOException, VolumeException, InterruptedException;
    }
}
