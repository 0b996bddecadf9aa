package io.mooring.local.app;

import io.mooring.local.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The local cluster as a process: {@code LocalMesosMain --config FILE}. Prints one ready line when everything serves;
 * exit code 0 after SIGTERM, 1 when it cannot start, 2 for a wrong command line.
 */
public final class LocalMesosMain {
    /** How long executors may take to end when the cluster is told to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String LOGGING = "logback.configurationFile";

    private LocalMesosMain() {}

    public static void main(String[] args) {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: LocalMesosMain --config FILE");
            System.exit(2);
        }
        // Before the first logger exists: without a configuration Logback would write to stdout.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "local-cluster-logback.xml");
        }
        // Whatever goes wrong at the start, no half of a cluster stays behind.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        try {
            run(Path.of(args[1]).toAbsolutePath(), System.out);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("the local cluster cannot start: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.exit(1);
        }
    }

    private static void run(Path file, PrintStream out) throws IOException, InterruptedException {
        LocalMesosConfig config = LocalMesosConfig.read(file);
        Optional<EmbeddedZooKeeper> zookeeper = config.zookeeper() == null
                ? Optional.empty()
                : Optional.of(EmbeddedZooKeeper.start(
                        config.zookeeper().port(), config.zookeeper().dataDir()));
        LocalMesos cluster = LocalMesos.start(config.settings(file));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster, zookeeper), "shutdown"));
        out.println("ready master=127.0.0.1:" + cluster.masterPort() + " agents="
                + config.agents().size());
        out.flush();
        new CountDownLatch(1).await();
    }

    private static void end(LocalMesos cluster, Optional<EmbeddedZooKeeper> zookeeper) {
        cluster.shutdown(PATIENCE);
        zookeeper.ifPresent(EmbeddedZooKeeper::close);
        // After a signal the JVM would exit with 128 plus its number; the contract says 0.
        Runtime.getRuntime().halt(0);
    }
}
