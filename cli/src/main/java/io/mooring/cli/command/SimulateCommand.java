package io.mooring.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code mooring simulate}: the product against a model of everything around it, in a process of its own, which has
 * another class path and more memory than this one.
 */
@Command(
        name = "simulate",
        description = "Run scheduler and executor against a model of Mesos, ZooKeeper and storage, with faults.")
public final class SimulateCommand implements Callable<Integer> {
    private static final String MAIN = "io.mooring.simulation.app.SimulateMain";

    @Option(names = "--seeds", paramLabel = "N", description = "how many seeds (200)")
    private Long seeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "the first one (1); with --seeds 1 its whole trace is told")
    private Long seed;

    @Option(
            names = "--rule",
            paramLabel = "NAME",
            description = "what frees the volumes of a lost task: mooring, marathon, kubernetes, nomad")
    private String rule;

    @Option(names = "--mutant", paramLabel = "NAME", description = "a mistake that has to be found")
    private String mutant;

    @Option(names = "--until-found", description = "end at the first seed that finds it")
    private boolean untilFound;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path libraries = Path.of(System.getProperty("mooring.home", "."), "simulation/target/mooring-simulation/lib");
        if (!Files.isDirectory(libraries)) {
            throw new IllegalArgumentException("the simulation is not at " + libraries
                    + "; start this command by the mooring launcher of a checkout, which builds it");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx1g",
                "-cp",
                libraries + "/*",
                MAIN));
        add(command, "--seeds", seeds);
        add(command, "--seed", seed);
        add(command, "--rule", rule);
        add(command, "--mutant", mutant);
        if (untilFound) {
            command.add("--until-found");
        }
        Process simulation = new ProcessBuilder(command).inheritIO().start();
        try {
            return simulation.waitFor();
        } catch (InterruptedException e) {
            simulation.destroy();
            throw e;
        }
    }

    private static void add(List<String> command, String option, Object value) {
        if (value != null) {
            command.add(option);
            command.add(value.toString());
        }
    }
}
