package io.mooring.scheduler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.decision.Policy.DriverPolicy;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Drives a decider as the engine would, with virtual time and names that count up, and checks the invariants after every
 * step. Agents are known by short names: agent {@code a1} runs on machine {@code m-a1}, unless a test says otherwise.
 */
final class Scenario {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final long GB = 1L << 30;

    final ClusterState state;
    final Decider decider;
    final Policy policy;
    Instant now = START;

    private final InvariantCheck invariants = new InvariantCheck();
    private final Map<Timer, Instant> timers = new LinkedHashMap<>();
    private final Map<TaskId, Launch> launches = new HashMap<>();
    private final List<StoreRecord> everything = new ArrayList<>();
    private List<StoreRecord> records = List.of();
    private List<Effect> effects = List.of();
    private final List<Effect> seen = new ArrayList<>();
    private int names;
    private int offers;

    Scenario() {
        this(new ClusterState(), 7);
    }

    private Scenario(ClusterState state, long epoch) {
        this(state, policy(epoch), epoch);
    }

    Scenario(ClusterState state, Policy policy, long epoch) {
        this.state = state;
        this.policy = policy;
        this.decider = new Decider(state, policy, () -> "n" + epoch + "-" + ++names);
    }

    static Policy policy(long epoch) {
        return new Policy(
                epoch,
                new Resources(0.05, 96, 0),
                Map.of(new DriverName("rexray"), new DriverName("loop")),
                Map.of(
                        new DriverName("loop"),
                        new DriverPolicy(FenceClass.B),
                        new DriverName("nfs"),
                        new DriverPolicy(FenceClass.D, Policy.Sharing.SHARED)),
                "/var/lib/rexray/volumes/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
    }

    /** A scheduler that leads, is subscribed, and knows these agents with a healthy {@code loop} plugin. */
    static Scenario with(String... agents) {
        Scenario scenario = new Scenario();
        scenario.begin();
        for (String agent : agents) {
            scenario.inspect(agent);
        }
        return scenario;
    }

    /** The next leader: it has what was recorded, and nothing else. */
    Scenario successor() {
        return successor(policy(policy.epoch() + 1));
    }

    Scenario successor(Policy under) {
        Scenario next = new Scenario(new ClusterState(), under, under.epoch());
        next.now = now;
        next.launches.putAll(launches);
        next.offers = offers + 1000;
        next.step(decision -> everything.forEach(decision::record));
        next.everything.clear();
        next.everything.addAll(everything);
        next.begin();
        return next;
    }

    void begin() {
        step(decider::start);
        subscribe();
    }

    void subscribe() {
        step(decision -> decider.subscribed(new FrameworkId("framework-1"), decision));
    }

    void step(Consumer<Decision> event) {
        Decision decision = new Decision(state, now);
        event.accept(decision);
        decider.settle(decision);
        decider.settleDemand(decision);
        records = decision.records();
        everything.addAll(records);
        effects = decision.effects();
        effects(Effect.StartTimer.class).forEach(start -> timers.put(start.timer(), start.at()));
        effects(Effect.AcceptOffers.class)
                .forEach(accept -> accept.launches().forEach(launch -> launches.put(launch.task(), launch)));
        invariants.after(decision, state, policy);
    }

    <T> T ask(Function<Decision, T> question) {
        List<T> answer = new ArrayList<>();
        step(decision -> answer.add(question.apply(decision)));
        return answer.get(0);
    }

    /** Lets time pass; timers come in their order, each as an event of its own. */
    void pass(Duration time) {
        Instant until = now.plus(time);
        while (true) {
            Optional<Map.Entry<Timer, Instant>> due = timers.entrySet().stream()
                    .filter(entry -> !entry.getValue().isAfter(until))
                    .min(Comparator.comparing(Map.Entry::getValue));
            if (due.isEmpty()) {
                now = until;
                return;
            }
            Timer timer = due.get().getKey();
            now = due.get().getValue().isAfter(now) ? due.get().getValue() : now;
            timers.remove(timer);
            step(decision -> decider.timer(timer, decision));
            seen.addAll(effects);
        }
    }

    /** Lets time pass, and tells the effects of all timers that came. */
    List<Effect> passed(Duration time) {
        seen.clear();
        pass(time);
        return List.copyOf(seen);
    }

    Optional<Instant> timer(Timer timer) {
        return Optional.ofNullable(timers.get(timer));
    }

    // ---- what users do

    Accepted create(Draft draft) {
        return ok(ask(decision -> decider.apps().create(draft, decision)));
    }

    Accepted replace(Draft draft) {
        return ok(ask(decision -> decider.apps().replace(draft, AppRequests.Force.YES, decision)));
    }

    Answer<Accepted> tryCreate(Draft draft) {
        return ask(decision -> decider.apps().create(draft, decision));
    }

    void delete(String app) {
        ok(ask(decision -> decider.apps().delete(new AppId(app), AppRequests.Force.YES, decision)));
    }

    static <T> T ok(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<T>) answer).value();
    }

    static <T> Answer.Refused<T> refused(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return (Answer.Refused<T>) answer;
    }

    Map<Veto.Kind, String> vetoes(String app) {
        Map<Veto.Kind, String> found = new LinkedHashMap<>();
        Explanation explanation = ask(decision -> decider.explain(new AppId(app), decision));
        explanation.vetoes().forEach(veto -> found.put(veto.kind(), veto.reason()));
        return found;
    }

    // ---- what Mesos does

    Offer offer(String agent) {
        return offer(agent, 4, 4096);
    }

    Offer offer(String agent, double cpus, double memMb) {
        return new Offer(
                new OfferId("offer-" + ++offers),
                new AgentId(agent),
                agent + ".example",
                Optional.of(machine(agent)),
                Optional.of("zone-1"),
                Map.of("machine", machine(agent).value(), "rack", agent),
                new Resources(cpus, memMb, 10240),
                Optional.of(8),
                List.of(new PortRange(31000, 31009)),
                List.of("*"));
    }

    /** Offers of these agents, and what is launched with them. */
    List<Launch> offers(String... agents) {
        List<Offer> made = new ArrayList<>();
        for (String agent : agents) {
            made.add(offer(agent));
        }
        return offers(made);
    }

    List<Launch> offers(List<Offer> made) {
        step(decision -> decider.offers(made, decision));
        return effects(Effect.AcceptOffers.class).stream()
                .flatMap(accept -> accept.launches().stream())
                .toList();
    }

    /** The one launch that an offer of this agent leads to. */
    Launch launchOn(String agent) {
        List<Launch> made = offers(agent);
        assertThat(made).hasSize(1);
        return made.get(0);
    }

    /** The one among the launches that carries such an order. */
    static Launch only(List<Launch> launches, Class<?> order) {
        List<Launch> found = launches.stream()
                .filter(launch -> order.isInstance(launch.order()))
                .toList();
        assertThat(found).as("launches of %s", order.getSimpleName()).hasSize(1);
        return found.get(0);
    }

    void update(TaskId task, Report report, StatusUpdate.Source source, String reason, ExecutorReport content) {
        AgentId agent = state.task(task).map(Task::agent).orElse(new AgentId("a1"));
        StatusUpdate update = new StatusUpdate(
                task,
                Optional.of(agent),
                report,
                source,
                reason,
                "",
                source == StatusUpdate.Source.EXECUTOR ? Optional.of(List.of((byte) 1)) : Optional.empty(),
                Optional.ofNullable(content));
        step(decision -> decider.update(update, decision));
    }

    void fromMaster(TaskId task, Report report) {
        update(task, report, StatusUpdate.Source.MASTER, "", null);
    }

    void fromAgent(TaskId task, Report report, String reason) {
        update(task, report, StatusUpdate.Source.AGENT, reason, null);
    }

    void fromExecutor(TaskId task, Report report, ExecutorReport content) {
        update(task, report, StatusUpdate.Source.EXECUTOR, "", content);
    }

    /** A message of the task's executor. */
    void message(Launch launch, ExecutorReport report) {
        AgentId agent = new AgentId(agentOf(launch));
        step(decision -> decider.message(launch.task(), agent, report, decision));
    }

    // ---- what executors do

    static MachineKey machine(String agent) {
        return new MachineKey("m-" + agent);
    }

    static BootId boot(String agent) {
        return new BootId("boot-" + agent);
    }

    static PluginReport plugin(String driver, long freeGb) {
        return new PluginReport(
                new DriverName(driver),
                true,
                driver + "/1",
                true,
                Optional.of("B"),
                OptionalLong.of(freeGb * GB),
                List.of());
    }

    /** Offers the agent and answers the inspection that it is used for. */
    void inspect(String agent, PluginReport... plugins) {
        Launch launch = inspection(offers(agent));
        report(launch, agent, boot(agent), plugins);
    }

    /** The same of an agent whose executor says this of a Docker Engine. */
    void inspect(String agent, EngineReport engine) {
        Launch launch = inspection(offers(agent));
        fromExecutor(
                launch.task(),
                Report.FINISHED,
                new AgentReport(
                        machine(agent), boot(agent), List.of(plugin("loop", 100)), List.of(), Optional.of(engine)));
    }

    static Launch inspection(List<Launch> launches) {
        return launches.stream()
                .filter(launch -> launch.order() instanceof InspectAgent)
                .findFirst()
                .orElseThrow();
    }

    void report(Launch inspection, String agent, BootId boot, PluginReport... plugins) {
        List<PluginReport> found = plugins.length == 0 ? List.of(plugin("loop", 100)) : List.of(plugins);
        fromExecutor(inspection.task(), Report.FINISHED, new AgentReport(machine(agent), boot, found, List.of()));
    }

    ActivationRequest activation(Launch launch) {
        return activation(launch, boot(agentOf(launch)));
    }

    ActivationRequest activation(Launch launch, BootId boot) {
        List<ClaimToActivate> claims = ((RunWorkload) launch.order())
                .volumes().stream()
                        .map(volume -> new ClaimToActivate(
                                volume.claim(), volume.request().name(), volume.fence(), 0, Optional.empty()))
                        .toList();
        return new ActivationRequest(launch.task(), machine(agentOf(launch)), boot, claims);
    }

    /** A request of a machine that has acted under that fence before. */
    ActivationRequest activationAfter(Launch launch, long highWater) {
        ActivationRequest request = activation(launch);
        List<ClaimToActivate> claims = request.claims().stream()
                .map(claim -> new ClaimToActivate(
                        claim.claim(), claim.volume(), claim.fence(), highWater, Optional.of(new ClaimId("earlier"))))
                .toList();
        return new ActivationRequest(request.task(), request.machine(), request.boot(), claims);
    }

    Launch launched(TaskId task) {
        return launches.get(task);
    }

    String agentOf(Launch launch) {
        return state.task(launch.task()).orElseThrow().agent().value();
    }

    void starting(Launch launch) {
        fromExecutor(launch.task(), Report.STARTING, activation(launch));
    }

    /** What its executor says of the task's health. */
    void health(Launch launch, TaskHealth.Verdict verdict, String why) {
        health(launch, verdict, why, Optional.empty());
    }

    /** The same of a task with several checks. */
    void health(Launch launch, TaskHealth.Verdict verdict, String why, Optional<ExecutorReport> report) {
        StatusUpdate update = new StatusUpdate(
                launch.task(),
                Optional.of(new AgentId(agentOf(launch))),
                Report.RUNNING,
                StatusUpdate.Source.EXECUTOR,
                "TASK_HEALTH_CHECK_STATUS_UPDATED",
                why,
                Optional.of(List.of((byte) 1)),
                report,
                verdict);
        step(decision -> decider.update(update, decision));
    }

    void running(Launch launch) {
        List<MountedVolume> mounted = ((RunWorkload) launch.order())
                .volumes().stream()
                        .map(volume -> new MountedVolume(
                                volume.claim(),
                                volume.fence(),
                                Optional.of("/dev/loop7"),
                                "/mnt/" + volume.request().name(),
                                Optional.of("ext4"),
                                true))
                        .toList();
        fromExecutor(launch.task(), Report.RUNNING, new MountReport(mounted));
    }

    /** Posts the app and brings it up on the agent. */
    Launch up(Draft draft, String agent) {
        create(draft);
        return up(agent);
    }

    Launch up(String agent) {
        Launch launch = launchOn(agent);
        starting(launch);
        running(launch);
        return launch;
    }

    /** The record of an executor that let go of everything. */
    ReleaseRecord record(Launch launch) {
        return record(launch, boot(agentOf(launch)), true);
    }

    ReleaseRecord record(Launch launch, BootId boot, boolean complete) {
        List<ClaimedVolume> volumes =
                launch.order() instanceof RunWorkload run ? run.volumes() : ((CleanUp) launch.order()).volumes();
        return new ReleaseRecord(
                machine(agentOf(launch)),
                boot,
                volumes.stream().map(volume -> released(volume, complete)).toList());
    }

    /** The record of an executor that left everything mounted for its successor. */
    ReleaseRecord leftFor(Launch launch) {
        return new ReleaseRecord(
                machine(agentOf(launch)),
                boot(agentOf(launch)),
                ((RunWorkload) launch.order())
                        .volumes().stream()
                                .map(volume -> new ReleasedVolume(
                                        volume.claim(),
                                        volume.fence(),
                                        false,
                                        true,
                                        false,
                                        false,
                                        false,
                                        false,
                                        true,
                                        Optional.empty()))
                                .toList());
    }

    static ReleasedVolume released(ClaimedVolume volume, boolean complete) {
        Optional<String> remark = complete ? Optional.empty() : Optional.of("umount answered EBUSY");
        return new ReleasedVolume(
                volume.claim(), volume.fence(), false, true, complete, complete, complete, true, remark);
    }

    // ---- what came of it

    List<StoreRecord> records() {
        return records;
    }

    List<Effect> effects() {
        return effects;
    }

    <E extends Effect> List<E> effects(Class<E> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends StoreRecord> List<E> records(Class<E> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> notices() {
        return effects(Effect.Publish.class).stream()
                .map(publish -> publish.notice().type())
                .toList();
    }

    /** The one message that was sent. */
    SchedulerMessage message() {
        List<Effect.SendMessage> sent = effects(Effect.SendMessage.class);
        assertThat(sent).hasSize(1);
        return sent.get(0).message();
    }

    List<TaskId> kills() {
        return effects(Effect.KillTask.class).stream()
                .map(Effect.KillTask::task)
                .toList();
    }

    Volume volume(String name) {
        return state.volume(new VolumeName(name)).orElseThrow();
    }

    Optional<Claim> claim(String volume) {
        List<Claim> claims = state.claimsOn(new VolumeName(volume));
        return claims.isEmpty() ? Optional.empty() : Optional.of(claims.get(0));
    }

    ClaimState claimState(String volume) {
        return claim(volume).orElseThrow().state();
    }

    ReleasedClaim lastReleased(String volume) {
        return state.historyOf(new VolumeName(volume)).get(0);
    }
}
