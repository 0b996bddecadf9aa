package io.mooring.executor.process;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.common.volume.MountMode;
import io.mooring.executor.engine.Launch;
import io.mooring.executor.engine.WorkloadException;
import io.mooring.executor.engine.WorkloadPort;
import io.mooring.executor.run.Exit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/** The workload in its own mount and PID namespace. */
public final class NamespacedWorkload implements WorkloadPort {
    private final Privilege privilege;
    private final Path sandbox;
    private final ProcessTable processes;
    private final Commands commands = new Commands();
    private final Users users = new Users(commands);
    private final ContainerPaths paths;
    private final Ownership ownership = new Ownership();
    /**
     * Starts the process. The kernel kills a child when the thread that made it ends, not the process, so this thread
     * never ends.
     */
    private final ExecutorService parent = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "workload-parent");
        thread.setDaemon(true);
        return thread;
    });

    private volatile WorkloadProcess running;
    private volatile MountNamespace namespace;
    private volatile Optional<Cgroup> cgroup = Optional.empty();
    private volatile WorkloadChecks checks;

    public NamespacedWorkload(Privilege privilege, Path sandbox, ProcessTable processes) {
        this.privilege = privilege;
        this.sandbox = sandbox;
        this.processes = processes;
        this.paths = new ContainerPaths(sandbox);
    }

    @Override
    public Optional<String> objection(RunWorkload order) {
        try {
            user(order.workload());
            paths.plan(order);
        } catch (WorkloadException | UnfitPathException e) {
            return Optional.of(e.getMessage());
        }
        List<String> arguments = order.workload().arguments();
        if (!arguments.isEmpty() && arguments.get(0).contains("=")) {
            return Optional.of("the program's name '" + arguments.get(0) + "' has '=' in it");
        }
        return order.workload().environment().keySet().stream()
                .filter(name -> name.isEmpty() || name.contains("=") || name.indexOf('\0') >= 0)
                .findFirst()
                .map(name -> "'" + name + "' is no name of an environment variable");
    }

    /** Who runs it; empty for whoever runs this process. */
    private Optional<User> user(Workload workload) throws WorkloadException {
        if (workload.user().isEmpty()) {
            return Optional.empty();
        }
        String name = workload.user().get();
        try {
            User user = users.find(name)
                    .orElseThrow(() -> new WorkloadException("there is no user '" + name + "' on this agent"));
            if (user.uid() == Users.ownUid()) {
                return Optional.empty();
            }
            if (privilege == Privilege.USER_NAMESPACE) {
                throw new WorkloadException("the task's user '" + name
                        + "' needs an executor that runs as root; this one does not, so leave the user out");
            }
            return Optional.of(user);
        } catch (IOException e) {
            throw new WorkloadException("user '" + name + "' cannot be looked up: " + e.getMessage(), e);
        }
    }

    @Override
    public void start(Launch launch) throws WorkloadException {
        try {
            Optional<User> user = user(launch.workload());
            List<Place> places = paths.plan(new RunWorkload(
                    0,
                    launch.workload(),
                    launch.volumes().stream().map(Launch.Mounted::volume).toList()));
            if (user.isPresent()) {
                ownership.giveSandbox(sandbox, user.get());
                for (Launch.Mounted volume : launch.volumes()) {
                    ownership.giveFreshVolume(volume, user.get());
                }
            }
            namespace = MountNamespace.open(privilege, commands);
            arrange(launch, places, user);
            Map<String, String> variables = new WorkloadEnvironment(sandbox).of(launch, places);
            running = spawn(launch, variables, user);
            checks = new WorkloadChecks(privilege, running, sandbox.toString(), user, variables);
        } catch (WorkloadException e) {
            closeNamespace();
            throw e;
        } catch (IOException | UnfitPathException e) {
            closeNamespace();
            throw new WorkloadException("the workload could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            closeNamespace();
            Thread.currentThread().interrupt();
            throw new WorkloadException("the workload's start was interrupted", e);
        }
    }

    private void arrange(Launch launch, List<Place> places, Optional<User> user) throws IOException {
        Map<Path, List<Path>> covered =
                new TreeMap<>(Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()));
        for (Place place : places) {
            switch (place.making()) {
                case EXISTS -> {}
                case IN_SANDBOX -> ownership.makeInSandbox(place, user);
                case IN_NAMESPACE ->
                    covered.computeIfAbsent(place.existing(), key -> new ArrayList<>())
                            .add(place.path());
            }
        }
        for (Map.Entry<Path, List<Path>> each : covered.entrySet()) {
            namespace.makeBelow(each.getKey(), each.getValue());
        }
        for (int i = 0; i < places.size(); i++) {
            Launch.Mounted volume = launch.volumes().get(i);
            // Without a container path a task gets the volume's root, with one what the plugin's Mount answered.
            String source = volume.volume().request().containerPath().isPresent()
                    ? volume.facts().path()
                    : volume.facts().root();
            namespace.bind(Path.of(source), places.get(i).path());
            if (volume.volume().request().mode() == MountMode.READ_ONLY) {
                namespace.makeReadOnly(places.get(i).path());
            }
        }
    }

    private WorkloadProcess spawn(Launch launch, Map<String, String> variables, Optional<User> user)
            throws IOException, InterruptedException, WorkloadException {
        Path statusFile = Files.createTempFile("mooring-", ".status");
        WorkloadArguments.Start start = WorkloadArguments.of(
                namespace, statusFile.toString(), sandbox.toString(), launch.workload(), user, variables);
        ProcessBuilder builder = new ProcessBuilder(start.argv())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(start.environment());
        cgroup = launch.workload()
                .limits()
                .map(limits -> Cgroup.make(
                        Path.of("/sys/fs/cgroup"),
                        Path.of("/proc/self/cgroup"),
                        launch.task().value(),
                        limits));
        try {
            Process process = parent.submit(builder::start).get();
            return WorkloadProcess.release(process, Files.newInputStream(statusFile), processes, () -> {
                if (cgroup.isPresent()) {
                    cgroup.get().enter(process.toHandle());
                }
            });
        } catch (ExecutionException e) {
            throw new WorkloadException(
                    "the workload could not be started: " + e.getCause().getMessage(), e);
        } finally {
            // Both sides have it open by now; without its name nothing is left behind by a kill.
            Files.deleteIfExists(statusFile);
        }
    }

    @Override
    public Exit await() throws InterruptedException {
        try {
            Exit exit = running.await();
            boolean outOfMemory = cgroup.isPresent() && cgroup.get().ranOutOfMemory();
            return outOfMemory && !exit.success()
                    ? new Exit.Lost("it needed more memory than its task has (it " + exit.words() + ")")
                    : exit;
        } finally {
            closeNamespace();
            if (cgroup.isPresent()) {
                cgroup.get().remove();
            }
        }
    }

    private void closeNamespace() {
        MountNamespace open = namespace;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void terminate() {
        running.terminate();
    }

    @Override
    public void enforce() {
        running.enforce();
    }

    @Override
    public void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        checks.begin(probe, rhythm, answers);
    }

    @Override
    public void stopChecking() {
        checks.end();
    }

    @Override
    public String remaining() {
        return running.remaining();
    }
}
