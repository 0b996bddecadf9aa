package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is ours of the native way: the library itself is somebody else's, and mostly not there. */
@Timeout(30)
class NativeMesosTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicReference<Scheduler> listener = new AtomicReference<>();
    private NativeMesos driver;

    private final Mesos library = new Mesos() {
        @Override
        public void send(Call call) {
            told.add(call.getType().name());
        }

        @Override
        public void reconnect() {
            told.add("reconnect");
        }
    };

    private final Scheduler scheduler = new Scheduler() {
        @Override
        public void connected(Mesos mesos) {
            mesos.send(Call.newBuilder().setType(Call.Type.SUBSCRIBE).build());
        }

        @Override
        public void disconnected(Mesos mesos) {
            told.add("disconnected");
        }

        @Override
        public void received(Mesos mesos, Event event) {
            told.add("event " + event.getType());
        }
    };

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
    }

    @Test
    void saysWhatToInstallAndWhereItLookedWhenTheLibraryIsNotThere() {
        Assumptions.assumeTrue(
                System.getenv("MESOS_NATIVE_JAVA_LIBRARY") == null && System.getenv("MESOS_NATIVE_LIBRARY") == null,
                "libmesos is named in the environment here");

        assertThatThrownBy(() -> new NativeMesos("127.0.0.1:5050", Optional.empty(), scheduler))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MESOS_NATIVE_JAVA_LIBRARY is not set")
                .hasMessageContaining(System.getProperty("java.library.path"))
                .hasMessageContaining("Install the package mesos 1.11");
    }

    @Test
    void subscribesAgainUntilThatIsAnsweredBecauseTheLibraryDoesNot() throws Exception {
        start();
        listener.get().connected(library);

        assertThat(next()).isEqualTo("SUBSCRIBE");
        assertThat(next()).isEqualTo("SUBSCRIBE");
        assertThat(next()).isEqualTo("SUBSCRIBE");

        listener.get()
                .received(
                        library,
                        Event.newBuilder().setType(Event.Type.SUBSCRIBED).build());
        String last = next();
        while (last.equals("SUBSCRIBE")) {
            last = next();
        }
        assertThat(last).isEqualTo("event SUBSCRIBED");
        assertThat(told.poll(300, TimeUnit.MILLISECONDS))
                .as("quiet from then on")
                .isNull();

        listener.get().disconnected(library);
        assertThat(next()).isEqualTo("disconnected");
        assertThat(told.poll(300, TimeUnit.MILLISECONDS)).as("nobody to ask").isNull();
    }

    @Test
    void hearsNothingAnyMoreOnceClosed() throws Exception {
        start();
        driver.close();

        listener.get().connected(library);
        listener.get()
                .received(
                        library,
                        Event.newBuilder().setType(Event.Type.HEARTBEAT).build());

        assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void givesTheLibraryItsCredentialAsTheMessageOfThatNameAndPrintsNoSecret() {
        Credential credential = new Credential("mooring", "secret");

        assertThat(credential.message())
                .isEqualTo(Protos.Credential.newBuilder()
                        .setPrincipal("mooring")
                        .setSecret("secret")
                        .build());
        assertThat(credential.toString()).contains("mooring").doesNotContain("secret");
    }

    private void start() {
        driver = new NativeMesos(
                watched -> {
                    listener.set(watched);
                    return library;
                },
                scheduler,
                Duration.ofMillis(50));
        driver.start();
    }

    private String next() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }
}
