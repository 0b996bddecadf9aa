package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.effect.Notice;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * What happens, as server-sent events: in Mooring's words here, and in Marathon's at {@link MarathonEventStream}. The
 * engine only hands its notices over; they are written and sent by a thread of this class.
 */
@Path("/v1/events")
public final class EventStream implements Consumer<Notice> {
    /** Those that are not written yet. More than that are lost, and with them whoever listens. */
    private static final int QUEUE = 10_000;

    private final ObjectMapper json = new ObjectMapper();
    private final Listeners listeners = new Listeners();
    private final MarathonEventStream marathon = new MarathonEventStream();
    private final BlockingQueue<Notice> notices = new ArrayBlockingQueue<>(QUEUE);

    public EventStream() {
        Thread writer = new Thread(this::write, "events");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void accept(Notice notice) {
        if (listeners.none() && marathon.listeners().none()) {
            return;
        }
        if (!notices.offer(notice)) {
            listeners.cutOff();
            marathon.listeners().cutOff();
        }
    }

    /** The same events as Marathon's clients know them. */
    MarathonEventStream marathon() {
        return marathon;
    }

    /** Sends every listener away, and lets no more in: the process is about to end. */
    public void close() {
        listeners.close();
        marathon.listeners().close();
    }

    @GET
    @Produces("text/event-stream")
    public Response listen() {
        if (listeners.closed()) {
            return Problem.of(503, "this scheduler is stopping; ask another one", List.of(), "/v1/events");
        }
        if (listeners.full()) {
            return Problem.of(
                    503, Listeners.MOST + " listeners are there already; try again later", List.of(), "/v1/events");
        }
        StreamingOutput stream = output -> listeners.serve(output, type -> true, () -> {});
        return Response.ok(stream).header("Cache-Control", "no-cache").build();
    }

    private void write() {
        try {
            while (!listeners.closed()) {
                Notice notice = notices.take();
                listeners.tell(notice.type(), Listeners.event(notice.type(), text(notice)));
                marathon.accept(notice);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String text(Notice notice) {
        Map<String, Object> data = new TreeMap<>(notice.facts());
        data.put("eventType", notice.type());
        data.put("timestamp", notice.at().toString());
        try {
            return json.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts cannot be written", e);
        }
    }
}
