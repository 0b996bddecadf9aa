package io.mooring.cli.command;

import io.mooring.cli.api.ApiException;
import io.mooring.cli.demo.Demo;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import io.mooring.local.process.TakenDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring demo}: the story of one volume, on a cluster of its own that is gone afterwards. */
@Command(name = "demo", description = "Tell the story of one volume on a cluster of its own; nothing of it stays.")
public final class DemoCommand implements Callable<Integer> {
    private static final int AGENTS = 3;
    private static final String STOPPED = "stopped by a signal";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return Shutdown.guarding(
                shutdown -> run(shutdown, out), spec.commandLine().getErr());
    }

    private static int run(Shutdown shutdown, PrintWriter out) throws IOException {
        TakenDirectory directory;
        try (DemoDirectories demos = DemoDirectories.open(Installation.home().resolve("demo"))) {
            demos.cleanUpEarlier(line -> say(out, line));
            directory = demos.take();
        } catch (InterruptedException e) {
            say(out, "The demo was stopped before it began.");
            return 1;
        }
        LocalSettings settings = settings(directory.path());
        say(
                out,
                "Starting ZooKeeper, a Mesos master, " + AGENTS
                        + " agents with a volume plugin each, and the scheduler.");
        say(out, "Volumes: " + Installation.driverRemark(settings));
        return tell(directory, settings, out, shutdown);
    }

    private static int tell(TakenDirectory directory, LocalSettings settings, PrintWriter out, Shutdown shutdown)
            throws IOException {
        String step = "starting the cluster";
        String failure = null;
        Demo demo = null;
        try (LocalCluster cluster =
                LocalCluster.start(settings, directory, line -> say(out, "   " + line), shutdown::requested)) {
            Path definition =
                    Path.of(System.getProperty("mooring.home", ".")).resolve("marathon-examples/counter.json");
            demo = new Demo(cluster, definition, out, shutdown::requested);
            demo.tell();
        } catch (LocalCluster.StartException | Demo.DemoException | ApiException | IOException | RuntimeException e) {
            step = demo == null ? step : demo.step();
            failure = shutdown.requested() ? STOPPED : Trouble.words(e);
        } catch (InterruptedException e) {
            step = demo == null ? step : demo.step();
            failure = STOPPED;
        }
        return end(settings.directory(), step, failure, out);
    }

    private static synchronized void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static int end(Path directory, String step, String failure, PrintWriter out) throws IOException {
        Thread.interrupted(); // the signal is known by now; an interrupt would make files unreadable
        List<String> left = LocalCluster.remaining(directory);
        if (failure == null && left.isEmpty()) {
            LocalCluster.delete(directory);
            out.println();
            out.println("Everything that was started is stopped; no process, mount, loop device or socket is left.");
            out.flush();
            return 0;
        }
        out.println();
        if (failure == null) {
            out.println("The demo ran, but this is left: " + left);
        } else if (failure.equals(STOPPED)) {
            out.println("The demo was stopped at: " + step);
        } else {
            out.println("The demo failed at: " + step);
            out.println("  " + failure);
        }
        out.println("  logs: " + directory.resolve("logs"));
        out.flush();
        return 1;
    }

    private static LocalSettings settings(Path directory) throws IOException {
        return LocalSettings.onFreePorts(
                directory,
                AGENTS,
                Installation.driver(),
                LocalSettings.Restart.AFTER_A_SECOND,
                Installation.selfCommand(),
                Installation.executor());
    }
}
