package io.mooring.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Requests over a number of connections, each of which has one under way at a time; whatever is refused ends it all. */
final class Requests {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String address;
    private final List<HttpClient> connections = new ArrayList<>();

    Requests(String address, int connections) {
        this.address = address;
        for (int i = 0; i < connections; i++) {
            this.connections.add(
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        }
    }

    /** @param body empty for none */
    record Request(String method, String path, String body) {}

    /** How long it all took, and each request. */
    record Result(double seconds, List<Double> sortedMillis) {
        double rate() {
            return sortedMillis.size() / seconds;
        }

        double millis(double quantile) {
            int last = sortedMillis.size() - 1;
            return sortedMillis.get(Math.min(last, (int) Math.ceil(quantile * sortedMillis.size()) - 1));
        }

        Result and(Result next) {
            List<Double> both = new ArrayList<>(sortedMillis);
            both.addAll(next.sortedMillis);
            Collections.sort(both);
            return new Result(seconds + next.seconds, both);
        }
    }

    String address() {
        return address;
    }

    HttpResponse<byte[]> send(Request request) throws IOException, InterruptedException {
        return send(connections.get(0), request);
    }

    /** That many requests, spread over all connections. */
    Result all(int count, IntFunction<Request> requests) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long begun = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(connections.size());
        List<Double> millis = new ArrayList<>();
        try {
            List<Future<List<Double>>> parts = new ArrayList<>();
            for (HttpClient connection : connections) {
                parts.add(threads.submit(() -> work(connection, count, next, requests, () -> false)));
            }
            for (Future<List<Double>> part : parts) {
                millis.addAll(part.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return result(begun, millis);
    }

    /** One after the other over the first connection, until it is over. */
    Result until(BooleanSupplier over, IntFunction<Request> requests) {
        long begun = System.nanoTime();
        try {
            return result(begun, work(connections.get(0), Integer.MAX_VALUE, new AtomicInteger(), requests, over));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Result result(long begun, List<Double> millis) {
        Collections.sort(millis);
        return new Result((System.nanoTime() - begun) / 1e9, millis);
    }

    private List<Double> work(
            HttpClient connection, int count, AtomicInteger next, IntFunction<Request> requests, BooleanSupplier over)
            throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int number = next.getAndIncrement();
                number < count && !over.getAsBoolean();
                number = next.getAndIncrement()) {
            Request request = requests.apply(number);
            long begun = System.nanoTime();
            send(connection, request);
            millis.add((System.nanoTime() - begun) / 1e6);
        }
        return millis;
    }

    private HttpResponse<byte[]> send(HttpClient connection, Request request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = connection.send(
                HttpRequest.newBuilder(URI.create(address + request.path()))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(request.method() + " " + request.path() + ": " + response.statusCode() + " "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response;
    }
}
