package io.mooring.executor.app;

import io.mooring.executor.claims.ClaimSettings;
import io.mooring.executor.engine.Timings;
import io.mooring.executor.mesos.AgentEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The process that a Mesos agent starts once per task. */
public final class ExecutorMain {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private ExecutorMain() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv()));
    }

    private static int run(Map<String, String> variables) {
        try {
            AgentEnvironment environment = AgentEnvironment.of(variables);
            new ExecutorAssembly(environment, timings(), () -> claims(variables))
                    .run(() -> AgentConfiguration.find(variables));
            return 0;
        } catch (IllegalArgumentException | ConfigurationException e) {
            System.err.println("mooring-executor: " + e.getMessage());
            return USAGE;
        } catch (IOException e) {
            System.err.println("mooring-executor: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static ClaimSettings claims(Map<String, String> variables) throws IOException {
        Path file = ExecutorConfiguration.find(variables)
                .orElseThrow(() -> new IOException(ExecutorConfiguration.wanted()));
        try {
            return ExecutorConfiguration.read(file)
                    .claims()
                    .orElseThrow(() -> new IOException("executor configuration " + file + " names no schedulers"));
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Tests shorten the waits that would take minutes; nobody else has a reason to. */
    private static Timings timings() {
        Timings standard = Timings.STANDARD;
        return new Timings(
                standard.firstRequest(),
                standard.lastRequest(),
                Shortened.of("mooring.silence", standard.silence()),
                Shortened.of("mooring.stuckReport", standard.stuckReport()),
                Shortened.of("mooring.release", standard.release()),
                Shortened.of("mooring.acknowledgement", standard.acknowledgement()),
                Shortened.of("mooring.glance", standard.glance()));
    }
}
