package io.mooring.cli.command;

import io.mooring.local.app.LocalMesosMain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mooring local-mesos}: the process of the local cluster that holds ZooKeeper, master and agents. */
@Command(name = "local-mesos", hidden = true, description = "Run the local cluster's master and agents.")
public final class LocalMesosCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE")
    private Path config;

    @Override
    public Integer call() throws InterruptedException {
        LocalMesosMain.main(new String[] {"--config", config.toString()});
        Thread.currentThread().join();
        return 0;
    }
}
