package io.mooring.simulation.world;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.Policy.DriverPolicy;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.simulation.check.CommitCheck;
import io.mooring.simulation.check.Findings;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.executor.Disk;
import io.mooring.simulation.executor.ExecutorProcess.Circumstances;
import io.mooring.simulation.executor.Machine;
import io.mooring.simulation.mesos.AgentProcess;
import io.mooring.simulation.mesos.Master;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.rule.Variation;
import io.mooring.simulation.scheduler.Reign;
import io.mooring.simulation.scheduler.SchedulerProcess;
import io.mooring.simulation.storage.Backend;
import io.mooring.simulation.storage.Plugin;
import io.mooring.simulation.store.Ensemble;
import io.mooring.simulation.time.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One cluster: schedulers, ZooKeeper, master, machines with agents, storage, and what its users want. */
final class Cluster {
    private static final Map<DriverName, FenceClass> DRIVERS = new TreeMap<>(Map.of(
            new DriverName("rbd"), FenceClass.A,
            new DriverName("ebs"), FenceClass.B,
            new DriverName("lock"), FenceClass.C,
            new DriverName("nfs"), FenceClass.D));

    private final Surroundings around;
    private final Variation variation;
    private final Backend backend;
    private final CommitCheck check;
    private final Ensemble ensemble;
    private final Master master;
    private final Users users;
    private final Circumstances circumstances;
    private final List<SchedulerProcess> schedulers = new ArrayList<>();
    private final List<Machine> machines = new ArrayList<>();
    private final List<AgentProcess> agents = new ArrayList<>();
    private Operator operator;
    private int agentCount;

    /** Draws a cluster. */
    Cluster(Surroundings around, Variation variation) {
        this.around = around;
        this.variation = variation;
        this.backend = new Backend(around.findings(), around.trace());
        this.check = new CommitCheck(around.findings(), this::slots, this::isTrue);
        this.ensemble = new Ensemble(around, check, variation.epochCheck(), variation.rollbackGuard());
        this.master = new Master(around);
        this.users = new Users(around.dice());
        Plugin.Kind kind = around.dice().chance(0.7) ? Plugin.Kind.MOORING : Plugin.Kind.PLAIN;
        this.circumstances = new Circumstances(
                around,
                DRIVERS.entrySet().stream()
                        .map(driver -> plugin(driver.getKey(), driver.getValue(), kind))
                        .toList(),
                variation.trust(),
                variation.leave(),
                this::activated);
        drawMachines(kind);
        drawApps();
        SchedulerProcess.Site site = new SchedulerProcess.Site(
                around,
                ensemble,
                master,
                check,
                variation,
                new Reign.Settings(
                        Cluster::policy,
                        volume -> backend.forceDetach(volume.key()),
                        framework -> operator.startsOver(framework)));
        schedulers.add(new SchedulerProcess(site, "s1"));
        schedulers.add(new SchedulerProcess(site, "s2"));
    }

    private void drawMachines(Plugin.Kind kind) {
        int count = around.dice().between(2, 3);
        for (int i = 1; i <= count; i++) {
            Plugin plugin = new Plugin(around, backend, variation.manner(kind));
            Machine machine = new Machine(
                    new MachineKey("m" + i),
                    around.dice().between(count == 2 ? 4 : 3, 5),
                    backend,
                    plugin,
                    new Disk(around, variation.locks()));
            machines.add(machine);
            joinAgent(machine);
        }
    }

    /** A new agent for a machine, with an id that Mesos has not seen. */
    AgentProcess joinAgent(Machine machine) {
        AgentProcess agent = master.join(new AgentId("a" + ++agentCount + "-" + machine.key()), machine, circumstances);
        agents.add(agent);
        return agent;
    }

    private void drawApps() {
        Dice dice = around.dice();
        int apps = dice.between(1, 3);
        int volumes = 0;
        for (int i = 1; i <= apps; i++) {
            List<Users.Named> mine = new ArrayList<>();
            boolean each = i == 1 && dice.chance(0.2);
            int count = !each && dice.chance(0.3) ? 2 : 1;
            for (int v = 0; v < count; v++) {
                mine.add(drawVolume("vol-" + ++volumes + (each ? "-" + VolumeSpec.INDEX : "")));
            }
            users.want(new AppId("/app-" + i), Users.Wish.of(mine, each ? 2 : 1));
        }
        if (dice.chance(0.2)) {
            users.want(new AppId("/free"), Users.Wish.of(List.of(), 2));
        }
    }

    private Users.Named drawVolume(String name) {
        List<DriverName> fencing = DRIVERS.keySet().stream()
                .filter(which -> DRIVERS.get(which).cutsOff())
                .toList();
        DriverName driver = around.dice().pick(around.dice().chance(0.4) ? fencing : List.copyOf(DRIVERS.keySet()));
        for (int instance = 0; instance < 2; instance++) {
            backend.declare(name.replace(VolumeSpec.INDEX, Integer.toString(instance)), DRIVERS.get(driver));
        }
        boolean fence = DRIVERS.get(driver).cutsOff() && around.dice().chance(0.75);
        // Other rules do not fence; what they do instead is theirs.
        boolean ours = variation.rule() == Rule.MOORING;
        return new Users.Named(name, driver, fence && ours ? TakeoverPolicy.FENCE : TakeoverPolicy.EVIDENCE);
    }

    private static PluginReport plugin(DriverName driver, FenceClass fenceClass, Plugin.Kind kind) {
        return new PluginReport(
                driver,
                true,
                driver + "/1",
                true,
                kind == Plugin.Kind.MOORING ? Optional.of(fenceClass.name()) : Optional.empty(),
                OptionalLong.empty(),
                List.of());
    }

    private static Policy policy(Ensemble.Term term) {
        Map<DriverName, DriverPolicy> drivers = new TreeMap<>();
        DRIVERS.forEach((driver, fenceClass) -> drivers.put(driver, new DriverPolicy(fenceClass)));
        return new Policy(
                term.epoch(),
                new Resources(0.05, 96, 0),
                Map.of(),
                drivers,
                "/volumes/{name}",
                1,
                new Policy.Timing(
                        Duration.ofSeconds(100),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(20)),
                Policy.Takeover.usual(),
                term.safeMode());
    }

    private int slots(MachineKey key) {
        return machines.stream()
                .filter(machine -> machine.key().equals(key))
                .mapToInt(Machine::slots)
                .findFirst()
                .orElseThrow();
    }

    private boolean activated(String mountId, Machine machine) {
        String[] parts = mountId.split(":", 4);
        return check.activated(
                new io.mooring.common.ids.ClaimId(parts[1]),
                Long.parseLong(parts[2]),
                machine.key(),
                machine.boot().value());
    }

    /** I4, the part that only the model can see: what released a claim is not only a form, it is so. */
    private void isTrue(ReleasedClaim released) {
        Claim claim = released.claim();
        String volume = claim.volume().key();
        Findings findings = around.findings();
        backend.writes(volume, claim.id())
                .ifPresent(writer -> findings.broken(
                        Invariant.I4,
                        claim.id() + " on " + volume + " is released by "
                                + released.freedBy().code().word() + ", and " + writer + " still writes"));
        for (Machine machine : machines) {
            boolean there =
                    machine.key().equals(claim.machine()) && claim.boot().equals(Optional.of(machine.boot()));
            boolean refused = released.freedBy().code() == Evidence.Code.E3;
            if (there
                    && !refused
                    && machine.plugin().mayStillMount(claim.volume(), "mooring:" + claim.id() + ":" + claim.fence())) {
                findings.broken(
                        Invariant.I4,
                        claim.id() + " on " + volume + " is released by "
                                + released.freedBy().code().word() + ", and a mount for it may still come");
            }
        }
    }

    // ---- the parts

    CommitCheck check() {
        return check;
    }

    Backend backend() {
        return backend;
    }

    Ensemble ensemble() {
        return ensemble;
    }

    Master master() {
        return master;
    }

    Users users() {
        return users;
    }

    List<SchedulerProcess> schedulers() {
        return schedulers;
    }

    List<Machine> machines() {
        return machines;
    }

    List<AgentProcess> agents() {
        return agents;
    }

    /** Somebody is there to look after it from now on. */
    void lookedAfterBy(Operator person) {
        operator = person;
    }

    Operator operator() {
        return operator;
    }

    /** Whether somebody on this machine is on record as out of contact. */
    boolean suspects(Machine machine) {
        return ensemble.durable().claimsIn(ClaimState.SUSPECT).stream()
                .anyMatch(claim -> claim.machine().equals(machine.key()));
    }

    /** The scheduler with the highest epoch of those that believe to lead. */
    Optional<SchedulerProcess> leader() {
        SchedulerProcess leader = null;
        for (SchedulerProcess scheduler : schedulers) {
            boolean leads = scheduler.leads().isPresent();
            if (leads
                    && (leader == null
                            || scheduler.leads().get() > leader.leads().get())) {
                leader = scheduler;
            }
        }
        return Optional.ofNullable(leader);
    }
}
