package io.mooring.local.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamFaultsTest {
    private static final Event RESCIND = Event.newBuilder()
            .setType(Event.Type.RESCIND)
            .setRescind(Event.Rescind.newBuilder()
                    .setOfferId(org.apache.mesos.v1.Protos.OfferID.newBuilder().setValue("o")))
            .build();
    private static final Event HEARTBEAT =
            Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

    private final StreamFaults faults = new StreamFaults();
    private final Collected collected = new Collected();

    /** Keeps what it is sent. */
    private static final class Collected implements EventSink {
        final List<Message> events = new CopyOnWriteArrayList<>();
        volatile boolean ended;

        @Override
        public void send(Message event) {
            events.add(event);
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void cut() {
            ended = true;
        }

        @Override
        public void onClose(Runnable action) {
            // never closed
        }
    }

    @AfterEach
    void stop() {
        faults.close();
    }

    private EventSink framework(String id) {
        return faults.ofFramework(id, collected);
    }

    private void rule(StreamFaults.Effect effect, int count) {
        faults.add(new StreamFaults.Rule(
                Optional.of("f"), Optional.empty(), Optional.of("RESCIND"), effect, count, Duration.ofMillis(200)));
    }

    @Test
    void losesAsManyEventsOfTheTypeAsAsked() {
        rule(StreamFaults.Effect.DROP, 2);
        EventSink sink = framework("f");

        sink.send(RESCIND);
        sink.send(HEARTBEAT);
        sink.send(RESCIND);
        sink.send(RESCIND);

        assertThat(collected.events).containsExactly(HEARTBEAT, RESCIND);
    }

    @Test
    void sendsAnEventTwice() {
        rule(StreamFaults.Effect.DUPLICATE, 1);

        framework("f").send(RESCIND);

        assertThat(collected.events).containsExactly(RESCIND, RESCIND);
    }

    @Test
    void letsTheNextEventOvertake() {
        rule(StreamFaults.Effect.REORDER, 1);
        EventSink sink = framework("f");

        sink.send(RESCIND);
        sink.send(HEARTBEAT);

        assertThat(collected.events).containsExactly(HEARTBEAT, RESCIND);
    }

    @Test
    void holdsUpADelayedEventAndAllBehindItInOrder() throws InterruptedException {
        rule(StreamFaults.Effect.DELAY, 1);
        EventSink sink = framework("f");

        sink.send(RESCIND);
        sink.send(HEARTBEAT);
        sink.end();

        assertThat(collected.events).isEmpty();
        for (int i = 0; i < 500 && !collected.ended; i++) {
            Thread.sleep(10);
        }
        assertThat(collected.events).containsExactly(RESCIND, HEARTBEAT);
        assertThat(collected.ended).isTrue();
    }

    @Test
    void leavesOtherFrameworksAlone() {
        rule(StreamFaults.Effect.DROP, 1);

        framework("g").send(RESCIND);

        assertThat(collected.events).containsExactly(RESCIND);
    }

    @Test
    void leavesExecutorsAloneThatAreNotNamed() {
        rule(StreamFaults.Effect.DROP, 1);

        faults.ofExecutor("f", "ex", collected).send(RESCIND);

        assertThat(collected.events).containsExactly(RESCIND);
    }

    @Test
    void knowsANewFrameworkByWhatItIsTold() {
        rule(StreamFaults.Effect.DROP, 1);
        EventSink sink = framework("");

        sink.send(Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder()
                        .setFrameworkId(FrameworkID.newBuilder().setValue("f")))
                .build());
        sink.send(RESCIND);

        assertThat(collected.events).hasSize(1);
    }

    @Test
    void holdsAStreamOfASlowConsumer() {
        EventSink sink = framework("f");

        assertThat(faults.hold(Optional.of("f"), Optional.empty(), Duration.ofMinutes(1)))
                .isEqualTo(1);
        sink.send(RESCIND);

        assertThat(collected.events).isEmpty();
    }
}
