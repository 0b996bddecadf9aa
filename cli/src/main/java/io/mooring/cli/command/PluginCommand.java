package io.mooring.cli.command;

import io.mooring.plugin.app.PluginMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mooring plugin}: the volume plugin in the foreground. */
@Command(name = "plugin", description = "Run the volume plugin in the foreground.")
public final class PluginCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "its config.yml, as for REX-Ray")
    private Path config;

    @Option(
            names = "--plugin-dir",
            paramLabel = "DIR",
            description = "where its sockets are made (default: /run/docker/plugins)")
    private Path pluginDirectory;

    @Override
    public Integer call() throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString()));
        if (pluginDirectory != null) {
            arguments.addAll(List.of("--plugin-dir", pluginDirectory.toString()));
        }
        PluginMain.main(arguments.toArray(String[]::new));
        Thread.currentThread().join();
        return 0;
    }
}
