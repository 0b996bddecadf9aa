package io.mooring.clients;

import com.mesosphere.mesos.rx.java.AwaitableSubscription;
import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.SinkOperations;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;
import rx.subjects.PublishSubject;
import rx.subjects.SerializedSubject;

/** A framework of the rxjava client: it acknowledges what it gets, and keeps every event for the test. */
final class RxFramework implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final SerializedSubject<Optional<SinkOperation<Call>>, Optional<SinkOperation<Call>>> calls =
            new SerializedSubject<>(PublishSubject.create());
    private final AwaitableSubscription subscription;
    private final FrameworkID id;

    /** Subscribes; as the framework of that id if there is one. */
    RxFramework(int port, Optional<FrameworkID> known) throws InterruptedException {
        FrameworkInfo.Builder info = FrameworkInfo.newBuilder()
                .setName("rxjava")
                .setUser(System.getProperty("user.name"))
                .setRole("rx")
                .setCheckpoint(true)
                .setFailoverTimeout(3600);
        known.ifPresent(info::setId);
        Call.Builder subscribe = Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
        known.ifPresent(subscribe::setFrameworkId);
        subscription = ProtobufMesosClientBuilder.schedulerUsingProtos()
                .mesosUri(URI.create("http://127.0.0.1:" + port + "/api/v1/scheduler"))
                .applicationUserAgentEntry(UserAgentEntries.literal("independent", "1"))
                .subscribe(subscribe.build())
                .processStream(this::process)
                .build()
                .openStream();
        Event.Subscribed subscribed =
                await(event -> event.getType() == Event.Type.SUBSCRIBED).getSubscribed();
        id = subscribed.getFrameworkId();
    }

    private Observable<Optional<SinkOperation<Call>>> process(Observable<Event> stream) {
        Observable<Optional<SinkOperation<Call>>> answers = stream.map(event -> {
            events.add(event);
            TaskStatus status = event.getUpdate().getStatus();
            return event.getType() == Event.Type.UPDATE && status.hasUuid()
                    ? Optional.of(SinkOperations.create(
                            SchedulerCalls.ackUpdate(id(), status.getUuid(), status.getAgentId(), status.getTaskId())))
                    : Optional.<SinkOperation<Call>>empty();
        });
        return answers.doOnTerminate(calls::onCompleted).mergeWith(calls);
    }

    FrameworkID id() {
        return id;
    }

    void call(Call.Builder call) {
        calls.onNext(Optional.of(SinkOperations.create(call.setFrameworkId(id).build())));
    }

    /** The next event that fits; others before it are skipped. */
    Event await(Predicate<Event> fits) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("no such event came within " + PATIENCE);
            }
            if (fits.test(event)) {
                return event;
            }
        }
    }

    /** Waits until the master has ended the stream, orderly. */
    void awaitEnd() throws Throwable {
        subscription.await();
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
