package io.mooring.scheduler.readiness;

import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskReadiness.Response;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Effect.AskReadiness;
import io.mooring.scheduler.engine.Performer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;

/** Asks tasks over the network whether they are ready, without waiting for one before the next is asked. */
public final class ReadinessShell implements Performer {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Of an answer so much is kept. */
    private static final int MOST_BYTES = 4096;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final BiConsumer<TaskId, Optional<Response>> answers;

    /** @param answers is told each answer, or that there was none, on any thread */
    public ReadinessShell(BiConsumer<TaskId, Optional<Response>> answers) {
        this.answers = answers;
    }

    @Override
    public void perform(Effect effect) {
        if (effect instanceof AskReadiness ask) {
            try {
                CompletableFuture<?> unused = client.sendAsync(request(ask), info -> new Beginning())
                        .whenComplete((response, failure) -> answers.accept(
                                ask.task(), failure == null ? Optional.of(answer(response)) : Optional.empty()));
            } catch (URISyntaxException | IllegalArgumentException e) {
                answers.accept(ask.task(), Optional.empty());
            }
        }
    }

    private static HttpRequest request(AskReadiness ask) throws URISyntaxException {
        String path = ask.check().path();
        int query = path.indexOf('?');
        URI uri = new URI(
                ask.check().scheme(),
                null,
                ask.host(),
                ask.port(),
                query < 0 ? path : path.substring(0, query),
                query < 0 ? null : path.substring(query + 1),
                null);
        return HttpRequest.newBuilder(uri).timeout(ask.check().timeout()).GET().build();
    }

    private static Response answer(HttpResponse<String> response) {
        return new Response(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    /** The beginning of a body; the rest is dropped. */
    private static final class Beginning implements HttpResponse.BodySubscriber<String> {
        private final CompletableFuture<String> body = new CompletableFuture<>();
        private final List<byte[]> parts = new ArrayList<>();
        private Flow.Subscription subscription;
        private int length;

        @Override
        public CompletionStage<String> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), MOST_BYTES - length)];
                buffer.get(part);
                parts.add(part);
                length += part.length;
            }
            if (length >= MOST_BYTES) {
                subscription.cancel();
                onComplete();
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            byte[] all = new byte[length];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            body.complete(new String(all, StandardCharsets.UTF_8));
        }
    }
}
