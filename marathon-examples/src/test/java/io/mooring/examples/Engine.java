package io.mooring.examples;

import io.mooring.plugin.site.DockerEngine;
import io.mooring.plugin.site.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Docker Engine for the apps of a test, with a bridge of its own, whose ports are those of the loopback. */
final class Engine {
    private final DockerEngine docker;
    private final String bridge;

    private Engine(DockerEngine docker, String bridge) {
        this.docker = docker;
        this.bridge = bridge;
    }

    static Engine start() throws IOException, InterruptedException {
        Requirements.loopDevices();
        Requirements.dockerEngine();
        long number = ProcessHandle.current().pid() % 250;
        String bridge = "mooring" + number;
        run("ip", "link", "add", bridge, "type", "bridge");
        try {
            run("ip", "address", "add", "10.213." + number + ".1/24", "dev", bridge);
            run("ip", "link", "set", bridge, "up");
            Path directory = Files.createTempDirectory("mooring-e-").toRealPath();
            return new Engine(DockerEngine.start(directory, List.of(), "--bridge=" + bridge, "--ip=127.0.0.1"), bridge);
        } catch (IOException | AssertionError e) {
            run("ip", "link", "delete", bridge);
            throw e;
        }
    }

    DockerEngine docker() {
        return docker;
    }

    Path socket() {
        return docker.socket();
    }

    List<String> containers() throws IOException {
        return docker.docker("ps", "--all", "--format", "{{.Names}}").lines().toList();
    }

    void close() throws IOException, InterruptedException {
        try {
            docker.close();
        } finally {
            run("ip", "link", "delete", bridge);
        }
    }

    private static void run(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).inheritIO().start();
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", argv) + " failed");
        }
    }
}
