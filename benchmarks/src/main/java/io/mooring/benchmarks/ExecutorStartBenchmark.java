package io.mooring.benchmarks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long an executor takes from its start to its SUBSCRIBE, and how much memory it has then: the agent counts a launch
 * from there, and there is one executor for each task. Budget: 500 ms at the median, 80 MiB.
 */
public final class ExecutorStartBenchmark {
    private ExecutorStartBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
        Path executor =
                Path.of(System.getProperty("mooring.home"), "executor/target/mooring-executor/bin/mooring-executor");
        Figures times = new Figures();
        Figures memory = new Figures();
        SynchronousQueue<Long> subscribed = new SynchronousQueue<>();
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // The SUBSCRIBE is what is waited for; the answer never ends, as a real agent's does not.
        agent.createContext("/api/v1/executor", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            try {
                subscribed.put(System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        agent.start();
        try {
            for (int i = -2; i < rounds; i++) {
                round(
                        executor,
                        agent.getAddress().getPort(),
                        subscribed,
                        i < 0 ? new Figures() : times,
                        i < 0 ? new Figures() : memory);
            }
        } finally {
            agent.stop(0);
        }
        times.print("ms");
        memory.print("MiB");
    }

    private static void round(Path executor, int port, SynchronousQueue<Long> subscribed, Figures times, Figures memory)
            throws IOException, InterruptedException {
        Path sandbox = Files.createTempDirectory("mooring-bench-");
        Path configuration = sandbox.resolve("agent.json");
        Files.writeString(
                configuration,
                "{\"machine\": \"bench\", \"journalDir\": \"" + sandbox.resolve("journal")
                        + "\", \"pluginSocketDirs\": []}");
        ProcessBuilder builder = new ProcessBuilder(executor.toString());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("MESOS_AGENT_ENDPOINT", "127.0.0.1:" + port);
        environment.put("MESOS_FRAMEWORK_ID", "framework");
        environment.put("MESOS_EXECUTOR_ID", "bench.1");
        environment.put("MESOS_SLAVE_ID", "agent");
        environment.put("MESOS_SANDBOX", sandbox.toString());
        environment.put("MESOS_DIRECTORY", sandbox.toString());
        environment.put("MESOS_CHECKPOINT", "1");
        environment.put("MESOS_RECOVERY_TIMEOUT", "15mins");
        environment.put("MESOS_SUBSCRIPTION_BACKOFF_MAX", "2secs");
        environment.put("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs");
        environment.put("MOORING_AGENT_CONFIG", configuration.toString());
        builder.directory(sandbox.toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        long began = System.nanoTime();
        Process process = builder.start();
        try {
            Long at = subscribed.poll(10, TimeUnit.SECONDS);
            if (at == null) {
                throw new IOException("the executor did not subscribe within 10 s");
            }
            times.add("start", (at - began) / 1e6);
            Thread.sleep(300);
            memory.add("resident", resident(process.pid()));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static double resident(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("process " + pid + " does not say its memory");
    }
}
