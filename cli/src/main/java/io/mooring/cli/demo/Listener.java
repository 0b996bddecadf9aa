package io.mooring.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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

/** Follows the scheduler's events and tells what they mean, while they happen. */
final class Listener implements AutoCloseable {
    private final URI events;
    private final Story story;
    private final ObjectMapper json = new ObjectMapper();
    private final Thread thread = new Thread(this::follow, "events");
    private volatile boolean closed;
    private volatile InputStream stream;

    Listener(String api, Story story) {
        this.events = URI.create(api + "/v1/events");
        this.story = story;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
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
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(events)
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        stream = response.body();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    words(line.substring("data: ".length())).ifPresent(story::say);
                }
            }
        }
    }

    private Optional<String> words(String data) {
        JsonNode event;
        try {
            event = json.readTree(data);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        String volume = event.path("volume").asText();
        String machine = event.path("machine").asText();
        String fence = event.path("fence").asText();
        return switch (event.path("eventType").asText()) {
            case "claim_reserved" ->
                Optional.of("volume " + volume + " is claimed for " + machine + " under fence " + fence
                        + "; nothing touches it yet");
            case "claim_activated" ->
                Optional.of("the executor on " + machine
                        + " is up and asked for the volume: activated, it may attach and mount now");
            case "claim_mounted" ->
                Optional.of("attached, formatted if new, mounted on " + machine + "; the workload runs");
            case "claim_releasing" -> Optional.of("the task is to stop; its volume is not free before there is proof");
            case "claim_released" ->
                Optional.of("volume " + volume + " is released by " + machine + " (fence " + fence + ") on evidence "
                        + event.path("evidence").asText());
            case "task_running", "task_killed", "task_killing", "task_failed", "task_finished" ->
                event.path("app").isMissingNode()
                        ? Optional.empty()
                        : Optional.of("task " + event.path("task").asText() + ": "
                                + event.path("eventType").asText().replace('_', ' ')
                                + (event.path("eventType").asText().equals("task_failed")
                                        ? ": " + event.path("message").asText()
                                        : ""));
            default -> Optional.empty();
        };
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
