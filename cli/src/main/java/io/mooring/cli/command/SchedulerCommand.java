package io.mooring.cli.command;

import io.mooring.scheduler.app.SchedulerApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mooring scheduler}: the scheduler in the foreground. */
@Command(name = "scheduler", description = "Run the scheduler in the foreground.")
public final class SchedulerCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "its configuration")
    private Path config;

    @Option(
            names = "--master",
            paramLabel = "ADDRESS",
            description =
                    "the Mesos masters: host:port, several with commas, zk://host:port/path, or file:///path of a file"
                            + " with one of these (for a password, which a command line would show); instead of mesos.masters in"
                            + " the file")
    private String master;

    @Option(
            names = "--start-over",
            paramLabel = "FRAMEWORK",
            description = "the id of a framework that Mesos has removed: registers a new one in its place")
    private String startOver;

    @Option(
            names = "--zk",
            paramLabel = "HOSTS/PATH",
            description = "ZooKeeper; instead of zookeeper.connect in the file")
    private String zooKeeper;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "the API's port, the admin port is the next one; instead of those in the file")
    private Integer port;

    @Override
    public Integer call() throws Exception {
        if (!Files.isReadable(config)) {
            throw new IllegalArgumentException("the configuration " + config + " cannot be read");
        }
        set("mesos.masters", master);
        set("framework.startOver", startOver);
        set("zookeeper.connect", zooKeeper);
        if (port != null) {
            set("server.applicationConnectors[0].port", Integer.toString(port));
            set("server.adminConnectors[0].port", Integer.toString(port + 1));
        }
        new SchedulerApplication().run("server", config.toString());
        Thread.currentThread().join();
        return 0;
    }

    /** Dropwizard's way to put one value in the place of the file's. */
    private static void set(String key, String value) {
        if (value != null) {
            System.setProperty("dw." + key, value);
        }
    }
}
