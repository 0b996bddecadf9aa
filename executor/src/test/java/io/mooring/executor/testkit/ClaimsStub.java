package io.mooring.executor.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** The claim service as an executor sees it: grants everything under fence 7, or nothing. */
public final class ClaimsStub implements AutoCloseable {
    private final HttpServer server;
    private final MessageCodec codec = new MessageCodec();
    private final List<ClaimOrder> orders = new CopyOnWriteArrayList<>();
    private final List<ReleaseRecord> records = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile boolean granting = true;

    public ClaimsStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v1/claims", this::serve);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on everything is somebody else's. */
    public void refuse() {
        granting = false;
    }

    public List<ClaimOrder> orders() {
        return orders;
    }

    public List<ReleaseRecord> records() {
        return records;
    }

    public List<String> tokens() {
        return tokens;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String path = exchange.getRequestURI().getPath();
        try {
            if (path.equals("/v1/claims")) {
                orders.add(codec.decodeClaimOrder(body));
            } else if (path.endsWith("/release") && codec.decodeReport(body) instanceof ReleaseRecord record) {
                records.add(record);
            } else if (path.endsWith("/activate")) {
                codec.decodeReport(body);
            }
        } catch (MalformedMessageException e) {
            answer(exchange, 422, ("{\"detail\": \"" + e.getMessage() + "\"}").getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (!granting && !path.endsWith("/release")) {
            answer(
                    exchange,
                    409,
                    "{\"detail\": \"task other on machine m9 has it\", \"errors\": []}"
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        answer(exchange, path.equals("/v1/claims") ? 201 : 200, codec.encode(granted()));
    }

    private ClaimAnswer granted() {
        if (orders.isEmpty()) {
            return new ClaimAnswer(
                    new ClaimId("over"),
                    5,
                    ClaimAnswer.State.RELEASED,
                    ClaimAnswer.Goal.STOP,
                    List.of(),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2));
        }
        ClaimOrder order = orders.get(orders.size() - 1);
        return new ClaimAnswer(
                order.id(),
                5,
                ClaimAnswer.State.ACTIVE,
                ClaimAnswer.Goal.RUN,
                order.volumes().stream()
                        .map(volume -> new ClaimedVolume(
                                new ClaimId("claim-" + volume.name().key()), 7, volume))
                        .toList(),
                Duration.ofMillis(200),
                Duration.ofSeconds(2));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
