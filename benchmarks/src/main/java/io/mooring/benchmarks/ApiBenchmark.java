package io.mooring.benchmarks;

import io.mooring.plugin.pool.FileTree;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the API carries, on a scheduler's process as users start it, with a real ZooKeeper and the local cluster's master
 * without agents: posting apps, listing many with their tasks while others ask, and listeners of which some are stuck.
 */
public final class ApiBenchmark {
    private static final int POSTED = 1000;
    private static final int CONNECTIONS = 8;
    private static final int WARM_UP = 300;
    private static final int LISTS = 5;
    private static final int LISTENERS = 90;
    private static final int STUCK = 10;
    private static final int ROUNDS = 5;
    private static final String LIST = "/v2/apps?embed=apps.tasks";

    private final MesosProcess mesos;
    private final Path directory;

    private ApiBenchmark(MesosProcess mesos, Path directory) {
        this.mesos = mesos;
        this.directory = directory;
    }

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        int apps = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-");
        try (MesosProcess mesos = MesosProcess.start(directory)) {
            ApiBenchmark benchmark = new ApiBenchmark(mesos, directory);
            load();
            benchmark.posts();
            load();
            benchmark.lists(apps);
            load();
            benchmark.events();
            load();
        } finally {
            FileTree.delete(directory);
        }
        System.exit(0);
    }

    private void posts() throws IOException, InterruptedException {
        try (SchedulerProcess scheduler = SchedulerProcess.start(directory, "post", mesos)) {
            Requests requests = new Requests(scheduler.address(), CONNECTIONS);
            requests.all(WARM_UP, number -> Apps.post("warm", number));
            say("POST of " + POSTED + " apps", requests.all(POSTED, number -> Apps.post("post", number)));
        }
    }

    private void lists(int apps) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Apps.fill(mesos.connect("list"), directory.resolve("filler-epoch.json"), apps);
        try (SchedulerProcess scheduler = SchedulerProcess.start(directory, "list", mesos.withoutMaster())) {
            Requests requests = new Requests(scheduler.address(), CONNECTIONS);
            Requests alone = new Requests(scheduler.address(), 1);
            memory(apps + " apps with a task each, loaded", scheduler);
            Requests.Request status = new Requests.Request("GET", "/v1/status", "");
            say("GET /v1/status", alone.all(100, number -> status));
            alone.all(2, number -> new Requests.Request("GET", LIST, ""));
            list(apps, alone);
            say("GET /v1/status beside lists", beside(alone, number -> status));
            say("POST beside lists", beside(alone, number -> Apps.post("beside", number)));
            memory("after " + 3 * LISTS + " lists", scheduler);
            say(CONNECTIONS + " lists at once", requests.all(CONNECTIONS * 3, number -> listed()));
            memory("after " + CONNECTIONS * 3 + " more", scheduler);
            say(
                    "POST of " + POSTED + " apps beside " + apps,
                    requests.all(POSTED, number -> Apps.post("more", number)));
        }
    }

    private static Requests.Request listed() {
        return new Requests.Request("GET", LIST, "");
    }

    private static void list(int apps, Requests alone) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = alone.send(listed());
        System.out.printf("%-44s %,10.1f MB%n", "list of " + apps + " apps with tasks", answer.body().length / 1e6);
        say("list of " + apps + " apps with tasks", alone.all(LISTS, number -> listed()));
    }

    /** What others wait for while one client lists again and again. */
    private static Requests.Result beside(Requests lists, java.util.function.IntFunction<Requests.Request> probe)
            throws IOException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<Requests.Result> probed = new ArrayList<>();
        Requests probes = new Requests(lists.address(), 1);
        Thread prober = new Thread(() -> probed.add(probes.until(over::get, probe)), "probe");
        prober.start();
        try {
            lists.all(LISTS, number -> listed());
        } finally {
            over.set(true);
            prober.join();
        }
        return probed.get(0);
    }

    private void events() throws IOException, InterruptedException {
        try (SchedulerProcess scheduler = SchedulerProcess.start(directory, "events", mesos)) {
            Requests requests = new Requests(scheduler.address(), CONNECTIONS);
            changes(requests, "warm", WARM_UP);
            memory("no listeners yet", scheduler);
            double before = rate("changes without listeners", changes(requests, "before", POSTED));
            double with;
            try (Audience audience = Audience.seated(scheduler.address(), LISTENERS, STUCK)) {
                long begun = System.nanoTime();
                with = rate("the same with 90 listeners, 10 stuck", changes(requests, "heard", POSTED));
                audience.awaitLast(POSTED);
                audience.print((System.nanoTime() - begun) / 1e9, POSTED);
                memory("with the listeners", scheduler);
                stuck(requests, audience, scheduler);
            }
            double after = rate("changes without listeners", changes(requests, "after", POSTED));
            System.out.printf(
                    "%-44s %10.2f of without%n", "changes a second with listeners", with * 2 / (before + after));
            memory("listeners gone", scheduler);
        }
    }

    /** What the kernel takes in for a listener that does not read is some MB, so that it takes a while to be noticed. */
    private static void stuck(Requests requests, Audience audience, SchedulerProcess scheduler)
            throws IOException, InterruptedException {
        int cut = 0;
        for (int round = 0; round < ROUNDS && cut < STUCK; round++) {
            changes(requests, "round" + round, POSTED);
            cut = audience.awaitCutOff();
        }
        System.out.printf("%-44s %10d of %d, by %,d events%n", "stuck ones let go", cut, STUCK, audience.events());
        memory("after " + audience.events() + " events", scheduler);
    }

    /** Each app is posted, and then scaled to nothing. */
    private static Requests.Result changes(Requests requests, String name, int apps)
            throws IOException, InterruptedException {
        Requests.Result posted = requests.all(apps, number -> Apps.post(name, number));
        return posted.and(requests.all(apps, number -> Apps.stop(name, number)));
    }

    private static double rate(String what, Requests.Result result) {
        say(what, result);
        return result.rate();
    }

    private static void say(String what, Requests.Result result) {
        System.out.printf(
                "%-44s %,10.1f/s   median %,8.1f   99%% %,8.1f   longest %,8.1f ms%n",
                what, result.rate(), result.millis(0.5), result.millis(0.99), result.millis(1));
    }

    private static void memory(String when, SchedulerProcess scheduler) throws IOException, InterruptedException {
        System.out.printf(
                "%-44s %,10d MB resident (at most %,d), %,d MB of heap in use%n",
                when, scheduler.resident("VmRSS"), scheduler.resident("VmHWM"), scheduler.heap());
    }

    private static void load() throws IOException {
        System.out.println(
                "load average " + Files.readString(Path.of("/proc/loadavg")).strip());
    }
}
