package io.mooring.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows the scheduler's events and tells what they mean, while they happen. */
final class Listener implements AutoCloseable {
    private static final long LONGEST_CONNECT_SECONDS = 10;

    private final URI events;
    private final EventWords words;
    private final Story story;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Thread thread = new Thread(this::follow, "events");
    private volatile boolean closed;
    private volatile InputStream stream;

    Listener(String api, EventWords words, Story story) {
        this.events = URI.create(api + "/v1/events");
        this.words = words;
        this.story = story;
        thread.setDaemon(true);
    }

    /** Returns when the scheduler sends its events here, so that none is missed. */
    void start() throws IOException, InterruptedException {
        thread.start();
        if (!connected.await(LONGEST_CONNECT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the scheduler sent no events within " + LONGEST_CONNECT_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        InputStream current = stream;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                // it is closed either way
            }
        }
    }

    private void follow() {
        while (!closed) {
            try {
                listen();
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void listen() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(events)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        stream = response.body();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                connected.countDown(); // the stream begins with a comment
                if (line.startsWith("data: ")) {
                    words(line.substring("data: ".length())).ifPresent(story::say);
                }
            }
        }
    }

    private Optional<String> words(String data) {
        try {
            return words.of(json.readTree(data));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
