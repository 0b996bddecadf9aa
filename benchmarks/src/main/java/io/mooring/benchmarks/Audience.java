package io.mooring.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listeners to {@code /v2/events}: those who read, and those who never do. */
final class Audience implements AutoCloseable {
    private static final Pattern APP = Pattern.compile("\"id\":\"/heard-([0-9]+)\"");
    private static final int MOST_APPS = 10_000;
    /** Each app is posted, and put once more. */
    private static final int TIMES = 2;

    private static final int PATIENCE_SECONDS = 60;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI events;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Socket> stuck = new ArrayList<>();

    private Audience(URI events) {
        this.events = events;
    }

    /** Returns when all of them are listening. */
    static Audience seated(String address, int reading, int stuck) throws IOException, InterruptedException {
        Audience audience = new Audience(URI.create(address + "/v2/events"));
        for (int i = 0; i < reading; i++) {
            audience.listen();
        }
        for (int i = 0; i < stuck; i++) {
            audience.stick();
        }
        Listener first = audience.listeners.get(0);
        if (!await(() -> first.attached.get() == reading + stuck)) {
            throw new IOException("only " + first.attached.get() + " listeners were let in");
        }
        return audience;
    }

    /** Waits until everybody who reads has heard of every app, or nobody hears anything more. */
    void awaitLast(int apps) throws InterruptedException {
        await(() -> listeners.stream().allMatch(listener -> listener.complete(apps) || listener.ended));
    }

    void print(double seconds, int apps) {
        long all =
                listeners.stream().mapToLong(listener -> listener.events.get()).sum();
        long complete =
                listeners.stream().filter(listener -> listener.complete(apps)).count();
        long least = listeners.stream()
                .mapToLong(listener -> listener.events.get())
                .min()
                .orElseThrow();
        long most = listeners.stream()
                .mapToLong(listener -> listener.events.get())
                .max()
                .orElseThrow();
        System.out.printf("%-44s %,10.0f/s to all who read%n", "events", all / seconds);
        System.out.printf(
                "%-44s %10d of %d; events each: %,d to %,d%n",
                "heard of every change", complete, listeners.size(), least, most);
    }

    /** Waits for the server to let go of those who are stuck; returns how many it let go. */
    int awaitCutOff() throws InterruptedException {
        Listener first = listeners.get(0);
        await(() -> first.detached.get() >= stuck.size());
        return first.detached.get();
    }

    long events() {
        return listeners.get(0).events.get();
    }

    private void listen() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(events)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("a listener was refused: " + response.statusCode());
        }
        Listener listener = new Listener(response.body());
        listeners.add(listener);
        Thread reader = new Thread(listener::read, "listener-" + listeners.size());
        reader.setDaemon(true);
        reader.start();
    }

    /** Asks for events, and never reads one. */
    private void stick() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(events.getHost(), events.getPort()));
        socket.getOutputStream()
                .write(("GET " + events.getPath() + " HTTP/1.1\r\nHost: " + events.getAuthority()
                                + "\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        stuck.add(socket);
    }

    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (Listener listener : listeners) {
            listener.stream.close();
        }
        for (Socket socket : stuck) {
            socket.close();
        }
    }

    /** Somebody who reads, and what they have heard. */
    private static final class Listener {
        private final InputStream stream;
        private final AtomicLong events = new AtomicLong();
        private final AtomicInteger attached = new AtomicInteger();
        private final AtomicInteger detached = new AtomicInteger();
        private final AtomicInteger posted = new AtomicInteger();
        private final AtomicIntegerArray heard = new AtomicIntegerArray(MOST_APPS);
        private volatile boolean ended;

        Listener(InputStream stream) {
            this.stream = stream;
        }

        boolean complete(int apps) {
            if (posted.get() < apps * TIMES) {
                return false;
            }
            for (int i = 0; i < apps; i++) {
                if (heard.get(i) != TIMES) {
                    return false;
                }
            }
            return true;
        }

        void read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                String type = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        type = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        take(type, line);
                    }
                }
            } catch (IOException e) {
                // closed by whoever ends the measurement, or cut off: both are seen by what was heard
            }
            ended = true;
        }

        private void take(String type, String data) {
            switch (type) {
                case "event_stream_attached" -> attached.incrementAndGet();
                case "event_stream_detached" -> detached.incrementAndGet();
                case "api_post_event" -> {
                    events.incrementAndGet();
                    Matcher app = APP.matcher(data);
                    if (app.find()) {
                        heard.incrementAndGet(Integer.parseInt(app.group(1)));
                        posted.incrementAndGet();
                    }
                }
                default -> events.incrementAndGet();
            }
        }
    }
}
