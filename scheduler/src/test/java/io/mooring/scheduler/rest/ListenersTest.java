package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ListenersTest {
    private final Listeners listeners = new Listeners();

    /** Takes what it gets until it is told not to. */
    private static final class Client extends OutputStream {
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private final CountDownLatch hangs = new CountDownLatch(1);
        private final AtomicInteger flushes = new AtomicInteger();
        private volatile boolean stuck;

        @Override
        public void write(int b) {
            got.write(b);
        }

        @Override
        public void flush() throws IOException {
            try {
                flushes.incrementAndGet();
                if (stuck) {
                    hangs.countDown();
                    goesOn.await();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        String text() {
            return got.toString(StandardCharsets.UTF_8);
        }
    }

    private CompletableFuture<Void> listen(Client client, Predicate<String> wants) throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Void> over = CompletableFuture.runAsync(() -> {
            try {
                listeners.serve(client, wants, entered::countDown);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        entered.await();
        return over;
    }

    private void tell(String type, String data) {
        listeners.tell(type, Listeners.event(type, data));
    }

    @Test
    void sendsEachTheTypesThatTheyWant() throws Exception {
        Client all = new Client();
        Client some = new Client();
        CompletableFuture<Void> first = listen(all, type -> true);
        CompletableFuture<Void> second = listen(some, type -> type.equals("b"));

        tell("a", "1");
        tell("b", "2");
        while (!all.text().contains("data: 2") || !some.text().contains("data: 2")) {
            Thread.sleep(10);
        }
        listeners.close();
        first.get(60, TimeUnit.SECONDS);
        second.get(60, TimeUnit.SECONDS);

        assertThat(all.text()).contains("event: a\ndata: 1\n\nevent: b\ndata: 2\n\n");
        assertThat(some.text()).doesNotContain("data: 1");
    }

    @Test
    void givesASignOfLifeWhileNothingHappens() throws Exception {
        Listeners quiet = new Listeners(Duration.ofMillis(20));
        Client client = new Client();
        CompletableFuture<Void> over = CompletableFuture.runAsync(() -> {
            try {
                quiet.serve(client, type -> true, () -> {});
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        while (!client.text().contains(":\n\n:\n\n")) {
            Thread.sleep(10);
        }

        quiet.close();
        over.get(60, TimeUnit.SECONDS);
    }

    @Test
    void cutsOffOneThatDoesNotReadAndNobodyElse() throws Exception {
        Client reading = new Client();
        Client stuck = new Client();
        CompletableFuture<Void> reads = listen(reading, type -> true);
        CompletableFuture<Void> hangs = listen(stuck, type -> true);
        stuck.stuck = true;

        int told = 0;
        for (; told < 5000; told++) {
            tell("a", Integer.toString(told));
            if (told % 500 == 0) {
                while (!reading.text().contains("data: " + told + "\n")) {
                    Thread.sleep(10);
                }
            }
        }
        stuck.goesOn.countDown();
        hangs.get(60, TimeUnit.SECONDS);

        assertThat(stuck.text()).as("what came too late is not sent any more").doesNotContain("data: 4999");
        while (!reading.text().contains("data: 4999\n")) {
            Thread.sleep(10);
        }
        listeners.close();
        reads.get(60, TimeUnit.SECONDS);
        assertThat(listeners.none()).isTrue();
    }

    @Test
    void whatWaitsLeavesTogether() throws Exception {
        Client client = new Client();
        CompletableFuture<Void> over = listen(client, type -> true);
        client.stuck = true;
        tell("a", "0");
        client.hangs.await();

        for (int told = 1; told <= 20; told++) {
            tell("a", Integer.toString(told));
        }
        client.stuck = false;
        client.goesOn.countDown();
        while (!client.text().contains("data: 20\n\n") || client.flushes.get() < 3) {
            Thread.sleep(10);
        }
        listeners.close();
        over.get(60, TimeUnit.SECONDS);

        assertThat(client.text().split("data: ", -1)).hasSize(22);
        assertThat(client.flushes.get())
                .as("the beginning, the first event, all others, and at most a farewell")
                .isBetween(3, 4);
    }
}
