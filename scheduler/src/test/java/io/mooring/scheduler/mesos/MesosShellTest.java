package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.recordio.MalformedRecordException;
import io.mooring.common.recordio.RecordDecoder;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Notice;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.engine.Effects;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Store;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events in, calls out: against what a real master said, and with a Mesos that remembers what it was sent. */
@Timeout(30)
class MesosShellTest {
    private static final FrameworkId FRAMEWORK = new FrameworkId("f1");
    private static final TaskId TASK = new TaskId("task-1");
    private static final AgentId AGENT = new AgentId("a1");

    private final RecordingMesos mesos = new RecordingMesos();
    private final List<String> fatal = new ArrayList<>();
    private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
    private final BlockingQueue<SubscriptionEnd> ended = new LinkedBlockingQueue<>();
    private final FrameworkSettings settings = new FrameworkSettings(
            "mooring",
            "root",
            List.of("prod"),
            Optional.of("principal"),
            Duration.ofDays(28),
            FrameworkSettings.Checkpointing.ON,
            "host",
            "http://host:8080/",
            Map.of("team", "storage"),
            Set.of(FrameworkSettings.OptionalCapability.REGION_AWARE),
            Map.of("prod", List.of(Map.of("cpus", 0.1, "mem", 64.0))),
            FrameworkSettings.Wishes.SAID);
    private final ExecutorSettings executors = new ExecutorSettings(
            new ExecutorSettings.Start.Installed("/opt/mooring/bin/mooring-executor"),
            List.of(),
            Optional.of("root"),
            0.05,
            96,
            Duration.ofMinutes(3));
    private MesosShell shell;
    private Engine engine;

    private static final class RecordingMesos implements Mesos {
        private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

        @Override
        public void send(Call call) {
            calls.add(call);
        }

        @Override
        public void reconnect() {}

        Call next(Call.Type type) throws InterruptedException {
            Call call = calls.poll(10, TimeUnit.SECONDS);
            while (call != null && call.getType() != type) {
                call = calls.poll(10, TimeUnit.SECONDS);
            }
            assertThat(call).as("a call %s", type).isNotNull();
            return call;
        }
    }

    private static Policy policy() {
        return new Policy(
                7,
                new Resources(0.05, 96, 0),
                Map.of(),
                Map.of(),
                "/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
    }

    @BeforeEach
    void start() {
        shell = new MesosShell(settings, executors, Optional.empty(), ended::add);
        engine = new Engine(
                new Decider(new ClusterState(), policy(), () -> "name"),
                (records, outcome) -> outcome.accept(new Store.Outcome.Committed()),
                new Effects(shell, effect -> {}, (timer, at) -> {}, notices::add),
                InstantSource.system(),
                fatal::add);
        shell.attach(engine);
        engine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private void subscribed() throws Exception {
        subscribedWithoutWaiting();
        mesos.next(Call.Type.RECONCILE);
    }

    private void subscribedWithoutWaiting() throws InterruptedException {
        shell.connected(mesos);
        mesos.next(Call.Type.SUBSCRIBE);
        shell.received(
                mesos,
                Event.newBuilder()
                        .setType(Event.Type.SUBSCRIBED)
                        .setSubscribed(Event.Subscribed.newBuilder()
                                .setFrameworkId(Protos.FrameworkID.newBuilder().setValue(FRAMEWORK.value()))
                                .setMasterInfo(Protos.MasterInfo.newBuilder()
                                        .setId("m")
                                        .setIp(0)
                                        .setPort(5050)
                                        .setAddress(Protos.Address.newBuilder()
                                                .setHostname("master")
                                                .setPort(5050))))
                        .build());
    }

    private static Event offers(Protos.Offer.Builder... offers) {
        Event.Offers.Builder all = Event.Offers.newBuilder();
        for (Protos.Offer.Builder offer : offers) {
            all.addOffers(offer);
        }
        return Event.newBuilder().setType(Event.Type.OFFERS).setOffers(all).build();
    }

    private static Protos.Offer.Builder offer(String id) {
        return Protos.Offer.newBuilder()
                .setId(Protos.OfferID.newBuilder().setValue(id))
                .setFrameworkId(Protos.FrameworkID.newBuilder().setValue(FRAMEWORK.value()))
                .setAgentId(Protos.AgentID.newBuilder().setValue("a1"))
                .setHostname("a1.example")
                .addResources(ResourcePoolTest.scalar("cpus", 4))
                .addResources(ResourcePoolTest.scalar("mem", 1024))
                .addResources(ResourcePoolTest.ports(31000, 31009));
    }

    private static Event update(Protos.TaskStatus.Builder status) {
        return Event.newBuilder()
                .setType(Event.Type.UPDATE)
                .setUpdate(Event.Update.newBuilder().setStatus(status))
                .build();
    }

    private static Protos.TaskStatus.Builder status(Protos.TaskState state) {
        return Protos.TaskStatus.newBuilder()
                .setTaskId(Protos.TaskID.newBuilder().setValue(TASK.value()))
                .setAgentId(Protos.AgentID.newBuilder().setValue(AGENT.value()))
                .setSource(Protos.TaskStatus.Source.SOURCE_EXECUTOR)
                .setState(state);
    }

    @Test
    void subscribesPartitionAwareAndForWeeks() throws Exception {
        shell.connected(mesos);

        Call call = mesos.next(Call.Type.SUBSCRIBE);
        Protos.FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
        assertThat(call.hasFrameworkId()).isFalse();
        assertThat(info.getFailoverTimeout()).isEqualTo(28 * 24 * 3600.0);
        assertThat(info.getCheckpoint()).isTrue();
        assertThat(info.getRolesList()).containsExactly("prod");
        assertThat(info.getCapabilitiesList())
                .extracting(Protos.FrameworkInfo.Capability::getType)
                .containsExactly(
                        Protos.FrameworkInfo.Capability.Type.PARTITION_AWARE,
                        Protos.FrameworkInfo.Capability.Type.TASK_KILLING_STATE,
                        Protos.FrameworkInfo.Capability.Type.MULTI_ROLE,
                        Protos.FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
                        Protos.FrameworkInfo.Capability.Type.REGION_AWARE);
        assertThat(info.getLabels().getLabels(0).getKey()).isEqualTo("team");
        assertThat(info.getOfferFiltersOrThrow("prod")
                        .getMinAllocatableResources()
                        .getQuantities(0)
                        .getQuantitiesOrThrow("mem")
                        .getValue())
                .isEqualTo(64);
        assertThat(call.getSubscribe().hasOfferConstraints()).isFalse();
    }

    @Test
    void subscribesAgainUnderTheSameId() throws Exception {
        subscribed();
        shell.disconnected(mesos);
        assertThat(shell.master()).isEmpty();

        shell.connected(mesos);

        Call call = mesos.next(Call.Type.SUBSCRIBE);
        assertThat(call.getFrameworkId().getValue()).isEqualTo("f1");
        assertThat(call.getSubscribe().getFrameworkInfo().getId().getValue()).isEqualTo("f1");
    }

    @Test
    void understandsWhatARealMasterSays() throws Exception {
        List<Event> events = recorded();
        assertThat(events.stream().map(event -> event.getType().name()))
                .startsWith("SUBSCRIBED")
                .contains("OFFERS", "UPDATE", "HEARTBEAT");
        shell.connected(mesos);

        events.forEach(event -> shell.received(mesos, event));

        List<String> seen = engine.ask((decider, decision) ->
                        decider.state().agents().stream().map(Agent::hostname).toList())
                .get(10, TimeUnit.SECONDS);
        assertThat(seen).hasSize(2).containsOnly("127.0.0.1");
        assertThat(shell.master()).contains("127.0.0.1:5050");
        long updates = events.stream()
                .filter(event -> event.getType() == Event.Type.UPDATE
                        && event.getUpdate().getStatus().hasUuid())
                .count();
        assertThat(mesos.calls.stream().filter(call -> call.getType() == Call.Type.ACKNOWLEDGE))
                .as("each update that has a uuid")
                .hasSize((int) updates);
        assertThat(fatal).isEmpty();
    }

    @Test
    void misreadsNoEventThatARealMesosSent() throws Exception {
        subscribed();
        for (RecordedEvents.Recorded recorded : RecordedEvents.all()) {
            Event event = recorded.event();
            mesos.calls.clear();

            assertThat(Event.parseFrom(event.toByteArray())).isEqualTo(event);
            shell.received(mesos, event);
            engine.ask((decider, decision) -> decider.state().framework()).get(10, TimeUnit.SECONDS);

            switch (event.getType()) {
                case UPDATE -> acknowledgedOnlyIfAsked(recorded);
                case OFFERS ->
                    assertThat(answered())
                            .as("%s: each offer is used or refused", recorded.in())
                            .containsExactlyInAnyOrderElementsOf(event.getOffers().getOffersList().stream()
                                    .map(offer -> offer.getId().getValue())
                                    .toList());
                case INVERSE_OFFERS ->
                    assertThat(mesos.calls)
                            .as("%s: each inverse offer is answered", recorded.in())
                            .anyMatch(call -> call.hasAcceptInverseOffers() || call.hasDeclineInverseOffers());
                case ERROR -> {
                    assertThat(ended.poll(10, TimeUnit.SECONDS))
                            .as(recorded.in())
                            .isNotNull();
                    subscribed();
                }
                default -> {}
            }
            assertThat(fatal).as(recorded.in()).isEmpty();
            assertThat(ended).as(recorded.in()).isEmpty();
        }
    }

    private void acknowledgedOnlyIfAsked(RecordedEvents.Recorded recorded) {
        Protos.TaskStatus status = recorded.event().getUpdate().getStatus();
        List<Call> acknowledgements = mesos.calls.stream()
                .filter(call -> call.getType() == Call.Type.ACKNOWLEDGE)
                .toList();
        if (!status.hasUuid()) {
            assertThat(acknowledgements).as(recorded.in()).isEmpty();
            return;
        }
        assertThat(acknowledgements).as(recorded.in()).singleElement().satisfies(call -> {
            assertThat(call.getAcknowledge().getUuid()).isEqualTo(status.getUuid());
            assertThat(call.getAcknowledge().getTaskId()).isEqualTo(status.getTaskId());
            assertThat(call.getAcknowledge().getAgentId()).isEqualTo(status.getAgentId());
        });
    }

    private List<String> answered() {
        List<String> ids = new ArrayList<>();
        for (Call call : mesos.calls) {
            call.getAccept().getOfferIdsList().forEach(id -> ids.add(id.getValue()));
            call.getDecline().getOfferIdsList().forEach(id -> ids.add(id.getValue()));
        }
        return ids;
    }

    @Test
    void usesOffersForAnInspectionWithTheOffersOwnResources() throws Exception {
        subscribed();

        shell.received(mesos, offers(offer("o1")));

        Call.Accept accept = mesos.next(Call.Type.ACCEPT).getAccept();
        assertThat(accept.getOfferIdsList())
                .extracting(Protos.OfferID::getValue)
                .containsExactly("o1");
        Protos.TaskInfo task = accept.getOperations(0).getLaunch().getTaskInfos(0);
        assertThat(new MessageCodec().decodeOrder(task.getData().toByteArray())).isInstanceOf(InspectAgent.class);
        assertThat(task.getExecutor().getCommand().getValue()).isEqualTo("/opt/mooring/bin/mooring-executor");
        assertThat(task.getExecutor().getCommand().getShell()).isFalse();
        assertThat(task.getExecutor().getExecutorId().getValue())
                .isEqualTo(task.getTaskId().getValue());
        assertThat(task.getExecutor().getShutdownGracePeriod().getNanoseconds())
                .isEqualTo(Duration.ofMinutes(3).toNanos());
        assertThat(task.getResourcesList())
                .allSatisfy(resource ->
                        assertThat(resource.getAllocationInfo().getRole()).isEqualTo("prod"));
    }

    @Test
    void writesALaunchWithPortsSlotsFilesAndPatience() {
        Launch launch = new Launch(
                TASK,
                "/web",
                new Resources(1, 64, 0),
                List.of(31003),
                2,
                new InspectAgent(7),
                List.of(new io.mooring.scheduler.definition.Definition.FetchUri(
                        "http://x/y.tgz", true, false, true, Optional.of("z/y.tgz"))),
                Duration.ofSeconds(9),
                Map.of("k", "v"));
        ResourcePool pool = new ResourcePool(List.of(
                ResourcePoolTest.scalar("cpus", 4),
                ResourcePoolTest.scalar("mem", 1024),
                ResourcePoolTest.scalar("volume_slots", 8),
                ResourcePoolTest.ports(31000, 31009)));

        Call call = new Calls(settings.roles(), executors)
                .accept(
                        FRAMEWORK,
                        new Effect.AcceptOffers(
                                AGENT, List.of(new OfferId("o1")), List.of(launch), Duration.ofMillis(500)),
                        pool);

        Protos.TaskInfo task = call.getAccept().getOperations(0).getLaunch().getTaskInfos(0);
        assertThat(task.getResourcesList())
                .extracting(Protos.Resource::getName)
                .containsExactly("cpus", "mem", "volume_slots", "ports");
        assertThat(task.getExecutor().getResourcesList())
                .extracting(resource ->
                        resource.getName() + " " + resource.getScalar().getValue())
                .containsExactly("cpus 0.05", "mem 96.0");
        assertThat(task.getKillPolicy().getGracePeriod().getNanoseconds())
                .isEqualTo(Duration.ofSeconds(9).toNanos());
        assertThat(task.getExecutor().getCommand().getUris(0).getCache()).isTrue();
        assertThat(task.getExecutor().getCommand().getUris(0).getOutputFile()).isEqualTo("z/y.tgz");
        assertThat(task.getLabels().getLabels(0).getKey()).isEqualTo("k");
        assertThat(call.getAccept().getFilters().getRefuseSeconds()).isEqualTo(0.5);
    }

    @Test
    void killsAOneShotTaskThatMesosRunsAndNobodyKnows() throws Exception {
        subscribed();
        Protos.TaskID stranger =
                Protos.TaskID.newBuilder().setValue("mooring-inspect.6-x").build();

        shell.received(
                mesos,
                update(status(Protos.TaskState.TASK_RUNNING)
                        .setTaskId(stranger)
                        .setUuid(ByteString.copyFromUtf8("0123456789abcdef"))));

        Call kill = mesos.next(Call.Type.KILL);
        assertThat(kill.getKill().getTaskId()).isEqualTo(stranger);
        assertThat(kill.getKill().getAgentId().getValue()).isEqualTo(AGENT.value());
        Call acknowledge = mesos.next(Call.Type.ACKNOWLEDGE);
        assertThat(acknowledge.getAcknowledge().getUuid().toStringUtf8()).isEqualTo("0123456789abcdef");
    }

    @Test
    void acknowledgesAndIgnoresAnUpdateWhoseTaskIdIsNoneOfOurs() throws Exception {
        subscribed();
        Protos.TaskID strange = Protos.TaskID.newBuilder().setValue("../x y").build();

        shell.received(
                mesos,
                update(status(Protos.TaskState.TASK_RUNNING)
                        .setTaskId(strange)
                        .setUuid(ByteString.copyFromUtf8("0123456789abcdef"))));

        Call.Acknowledge acknowledge = mesos.next(Call.Type.ACKNOWLEDGE).getAcknowledge();
        assertThat(acknowledge.getTaskId()).isEqualTo(strange);
        assertThat(acknowledge.getUuid().toStringUtf8()).isEqualTo("0123456789abcdef");
        assertThat(engine.ask((decider, decision) -> decider.state().tasks().size())
                        .get(10, TimeUnit.SECONDS))
                .isZero();
    }

    @Test
    void tellsHowAnExecutorEnded() throws Exception {
        subscribed();
        assertThat(notices.poll(10, TimeUnit.SECONDS).type()).isEqualTo("subscribed");
        for (int status : new int[] {3 << 8, 9, -1}) {
            shell.received(
                    mesos,
                    Event.newBuilder()
                            .setType(Event.Type.FAILURE)
                            .setFailure(Event.Failure.newBuilder()
                                    .setAgentId(Protos.AgentID.newBuilder().setValue(AGENT.value()))
                                    .setExecutorId(
                                            Protos.ExecutorID.newBuilder().setValue(TASK.value()))
                                    .setStatus(status))
                            .build());
        }

        for (String how : List.of("with exit code 3", "by signal 9", "in an unknown way")) {
            Notice notice = notices.poll(10, TimeUnit.SECONDS);
            assertThat(notice).isNotNull();
            assertThat(notice.type()).isEqualTo("executor_ended");
            assertThat(notice.facts())
                    .containsEntry("task", TASK.value())
                    .containsEntry("agent", AGENT.value())
                    .containsEntry("how", how);
        }
    }

    @Test
    void answersAStrangersRequestWithDeny() throws Exception {
        subscribed();
        ExecutorReport request =
                new ExecutorReport.ActivationRequest(TASK, new MachineKey("m1"), new BootId("b1"), List.of());

        shell.received(mesos, message(ByteString.copyFrom(new MessageCodec().encode(request))));

        Call.Message message = mesos.next(Call.Type.MESSAGE).getMessage();
        assertThat(new MessageCodec().decodeMessage(message.getData().toByteArray()))
                .isInstanceOf(Deny.class);
        assertThat(message.getExecutorId().getValue()).isEqualTo(TASK.value());
    }

    @Test
    void ignoresWhatIsNoMessageOfItsExecutors() throws Exception {
        subscribed();

        shell.received(mesos, message(ByteString.copyFromUtf8("garbage")));
        shell.received(mesos, update(status(Protos.TaskState.TASK_FAILED).setData(ByteString.copyFromUtf8("{}"))));

        assertThat(engine.ask((decider, decision) -> 1).get(10, TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(fatal).isEmpty();
    }

    private static Event message(ByteString data) {
        return Event.newBuilder()
                .setType(Event.Type.MESSAGE)
                .setMessage(Event.Message.newBuilder()
                        .setAgentId(Protos.AgentID.newBuilder().setValue(AGENT.value()))
                        .setExecutorId(Protos.ExecutorID.newBuilder().setValue(TASK.value()))
                        .setData(data))
                .build();
    }

    @Test
    void refusesAnOfferThatMakesNoSense() throws Exception {
        subscribed();

        shell.received(
                mesos, offers(offer("o1").setAgentId(Protos.AgentID.newBuilder().setValue("../x"))));

        assertThat(mesos.next(Call.Type.DECLINE).getDecline().getOfferIds(0).getValue())
                .isEqualTo("o1");
    }

    @Test
    void sendsNothingWithoutASubscription() {
        shell.connected(mesos);
        mesos.calls.clear();

        shell.perform(new Effect.KillTask(TASK, AGENT, Optional.empty()));

        assertThat(mesos.calls).isEmpty();
    }

    @Test
    void handlesNoOfferBeforeTheFrameworksIdIsDurable() throws Exception {
        BlockingQueue<Consumer<Store.Outcome>> commits = new LinkedBlockingQueue<>();
        List<StoreRecord> committed = new CopyOnWriteArrayList<>();
        engine.close();
        engine = new Engine(
                new Decider(new ClusterState(), policy(), () -> "name"),
                (records, outcome) -> {
                    committed.addAll(records);
                    commits.add(outcome);
                },
                new Effects(shell, effect -> {}, (timer, at) -> {}, notice -> {}),
                InstantSource.system(),
                fatal::add);
        shell.attach(engine);
        engine.start();
        subscribedWithoutWaiting();
        Consumer<Store.Outcome> first = commits.poll(10, TimeUnit.SECONDS);
        assertThat(committed).contains(new StoreRecord.PutFramework(FRAMEWORK));

        shell.received(
                mesos,
                RecordedEvents.all().stream()
                        .map(RecordedEvents.Recorded::event)
                        .filter(event -> event.getType() == Event.Type.OFFERS)
                        .findFirst()
                        .orElseThrow());
        Thread.sleep(300);
        assertThat(mesos.calls)
                .as("neither used nor refused yet")
                .noneMatch(call -> call.hasAccept() || call.hasDecline());

        first.accept(new Store.Outcome.Committed());
        commits.poll(10, TimeUnit.SECONDS).accept(new Store.Outcome.Committed());
        assertThat(mesos.next(Call.Type.ACCEPT)).isNotNull();
    }

    @Test
    void asksForOffersOfSomeAgentsOnlyAndSaysSoAgainWhenItSubscribesAgain() throws Exception {
        subscribed();
        shell.perform(new Effect.Suppress());

        shell.perform(new Effect.WishOffers(
                List.of(new OfferWish(OfferWish.By.MACHINE, "m1"), new OfferWish(OfferWish.By.ZONE, "z1"))));

        Call.UpdateFramework update = mesos.next(Call.Type.UPDATE_FRAMEWORK).getUpdateFramework();
        assertThat(update.getFrameworkInfo().getId().getValue()).isEqualTo("f1");
        assertThat(update.getSuppressedRolesList()).containsExactly("prod");
        assertThat(update.getOfferConstraints()
                        .getRoleConstraintsOrThrow("prod")
                        .getGroupsList())
                .as("any of these; a zone may be a fault domain's or an attribute")
                .hasSize(3)
                .allSatisfy(
                        group -> assertThat(group.getAttributeConstraintsList()).hasSize(1));
        shell.disconnected(mesos);
        shell.connected(mesos);
        assertThat(mesos.next(Call.Type.SUBSCRIBE).getSubscribe().getOfferConstraints())
                .isEqualTo(update.getOfferConstraints());

        subscribed();
        shell.perform(new Effect.WishOffers(List.of()));
        Call.UpdateFramework open = mesos.next(Call.Type.UPDATE_FRAMEWORK).getUpdateFramework();
        assertThat(open.hasOfferConstraints()).isFalse();
        assertThat(open.getSuppressedRolesList()).isEmpty();
    }

    @Test
    void suspectsEverythingAndRegistersNothingAnewWhenMesosRemovedTheFramework() throws Exception {
        subscribed();
        mesos.calls.clear();

        error("Framework has been removed");

        SubscriptionEnd end = ended.poll(10, TimeUnit.SECONDS);
        assertThat(end.why()).isEqualTo(SubscriptionEnd.Why.REMOVED);
        assertThat(end.words()).contains("f1", "--start-over f1");
        assertThat(mesos.calls).noneMatch(call -> call.getType() == Call.Type.SUBSCRIBE);
    }

    @Test
    void givesWayWhenAnotherSchedulerSubscribed() throws Exception {
        subscribed();
        mesos.calls.clear();

        error("Framework failed over");

        assertThat(ended.poll(10, TimeUnit.SECONDS).why()).isEqualTo(SubscriptionEnd.Why.FAILED_OVER);
        assertThat(shell.subscribed()).isFalse();
        assertThat(mesos.calls).isEmpty();
    }

    @Test
    void saysWhatToMendWhenMesosDoesNotAcceptTheFramework() throws Exception {
        subscribed();

        error("Changing framework's principal is not allowed.");

        SubscriptionEnd end = ended.poll(10, TimeUnit.SECONDS);
        assertThat(end.why()).isEqualTo(SubscriptionEnd.Why.REFUSED);
        assertThat(end.words()).contains("Changing framework's principal is not allowed.", "section 'framework'");
    }

    private void error(String message) {
        shell.received(
                mesos,
                Event.newBuilder()
                        .setType(Event.Type.ERROR)
                        .setError(Event.Error.newBuilder().setMessage(message))
                        .build());
    }

    @Test
    void hasACallForEveryEffectThatIsForMesos() throws Exception {
        subscribed();
        Launch none = new Launch(
                TASK,
                "x",
                new Resources(0, 0, 0),
                List.of(),
                0,
                new InspectAgent(7),
                List.of(),
                Duration.ZERO,
                Map.of());
        for (Effect effect : List.of(
                new Effect.AcceptOffers(AGENT, List.of(), List.of(none), Duration.ZERO),
                new Effect.DeclineOffers(List.of(new OfferId("o")), Duration.ZERO),
                new Effect.Revive(),
                new Effect.Suppress(),
                new Effect.WishOffers(List.of()),
                new Effect.AnswerInverseOffer(
                        new OfferId("i"), Effect.AnswerInverseOffer.Answer.ACCEPT, Duration.ofSeconds(1)),
                new Effect.AnswerInverseOffer(
                        new OfferId("i"), Effect.AnswerInverseOffer.Answer.DECLINE, Duration.ofSeconds(1)),
                new Effect.KillTask(TASK, AGENT, Optional.of(Duration.ofSeconds(1))),
                new Effect.Acknowledge(TASK, AGENT, List.of((byte) 1)),
                new Effect.SendMessage(TASK, AGENT, new Deny(TASK, 1, "no")),
                new Effect.Reconcile(List.of(new Effect.KnownTask(TASK, AGENT))))) {
            mesos.calls.clear();
            shell.perform(effect);
            assertThat(mesos.calls).as("%s", effect).anySatisfy(call -> {
                assertThat(call.getFrameworkId().getValue()).isEqualTo("f1");
                assertThat(call.isInitialized()).isTrue();
            });
        }
    }

    private static List<Event> recorded() throws IOException, MalformedRecordException {
        JsonNode recording;
        try (InputStream file = MesosShellTest.class.getResourceAsStream("/mesos/scheduler-protobuf.json")) {
            recording = new ObjectMapper().readTree(file);
        }
        List<byte[]> records = new ArrayList<>();
        byte[] stream =
                Base64.getDecoder().decode(recording.get("recordio_base64").textValue());
        new RecordDecoder(1 << 20, records::add).feed(stream, 0, stream.length);
        List<Event> events = new ArrayList<>();
        for (byte[] record : records) {
            events.add(parse(record));
        }
        assertThat(events).hasSameSizeAs(recording.get("events"));
        return events;
    }

    private static Event parse(byte[] record) throws InvalidProtocolBufferException {
        return Event.parseFrom(record);
    }
}
