package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.effect.Notice;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What happens, as server-sent events. Each listener has a bounded queue; one that does not read is cut off, because
 * events it would get late are worth nothing, and nobody else may wait for it.
 */
@Path("/v1/events")
public final class EventStream implements Consumer<Notice> {
    private static final int MOST_LISTENERS = 100;
    private static final int QUEUE = 1000;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final ObjectMapper json = new ObjectMapper();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    @Override
    public void accept(Notice notice) {
        if (listeners.isEmpty()) {
            return;
        }
        byte[] event = bytes(notice);
        listeners.removeIf(listener -> {
            listener.open = listener.queue.offer(event);
            return !listener.open;
        });
    }

    /** Sends every listener away, and lets no more in: the process is about to end. */
    public void close() {
        closed = true;
        listeners.forEach(listener -> {
            listener.open = false;
            listener.queue.clear();
            listener.queue.offer(KEEP_ALIVE);
        });
    }

    @GET
    @Produces("text/event-stream")
    public Response listen() {
        if (closed) {
            return Problem.of(503, "this scheduler is stopping; ask another one", List.of(), "/v1/events");
        }
        if (listeners.size() >= MOST_LISTENERS) {
            return Problem.of(
                    503, MOST_LISTENERS + " listeners are there already; try again later", List.of(), "/v1/events");
        }
        StreamingOutput stream = this::serve;
        return Response.ok(stream).header("Cache-Control", "no-cache").build();
    }

    private void serve(OutputStream output) throws IOException {
        Listener listener = new Listener();
        listeners.add(listener);
        try {
            output.write(": connected\n\n".getBytes(StandardCharsets.UTF_8));
            output.flush();
            while (listener.open && !closed) {
                byte[] event = listener.queue.poll(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
                output.write(event == null ? KEEP_ALIVE : event);
                output.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(listener);
        }
    }

    private byte[] bytes(Notice notice) {
        Map<String, Object> data = new TreeMap<>(notice.facts());
        data.put("eventType", notice.type());
        data.put("timestamp", notice.at().toString());
        try {
            String text = "event: " + notice.type() + "\ndata: " + json.writeValueAsString(data) + "\n\n";
            return text.getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts cannot be written", e);
        }
    }

    private static final class Listener {
        private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean open = true;
    }
}
