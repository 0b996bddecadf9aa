package io.mooring.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The local cluster's master without agents, and a ZooKeeper server, in one process. */
final class MesosProcess implements AutoCloseable {
    private final Process process;
    private final int zooKeeper;
    private final String master;

    private MesosProcess(Process process, int zooKeeper, String master) {
        this.process = process;
        this.zooKeeper = zooKeeper;
        this.master = master;
    }

    static MesosProcess start(Path directory) throws IOException {
        int zooKeeper = freePort();
        int master = freePort();
        Path configuration = directory.resolve("mesos.json");
        Files.writeString(
                configuration,
                "{\"master\": {\"port\": " + master + "}, \"zookeeper\": {\"port\": " + zooKeeper + ", \"dataDir\": \""
                        + directory.resolve("zookeeper") + "\"}, \"agents\": []}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.mooring.local.app.LocalMesosMain",
                        "--config",
                        configuration.toString())
                .redirectError(directory.resolve("mesos.log").toFile())
                .start();
        String ready = process.inputReader().readLine();
        if (ready == null) {
            throw new IOException("the master did not start; see " + directory.resolve("mesos.log"));
        }
        return new MesosProcess(process, zooKeeper, "127.0.0.1:" + master);
    }

    /** The same ZooKeeper, and a master that nobody can reach, so that it says nothing of tasks that it does not have. */
    MesosProcess withoutMaster() {
        return new MesosProcess(process, zooKeeper, "127.0.0.1:1");
    }

    String connect(String root) {
        return "127.0.0.1:" + zooKeeper + "/" + root;
    }

    String master() {
        return master;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
