package io.mooring.simulation.storage;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.AttachmentHere;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.fault.Faults;
import io.mooring.simulation.storage.Backend.Attached;
import io.mooring.simulation.storage.Backend.Stored;
import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Dice;
import io.mooring.simulation.time.Trace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A machine's volume plugin: a process that takes calls, works on them for a while and answers, or does not. What it
 * does and what its caller hears are two things: a call that was given up may still take effect.
 */
public final class Plugin {
    private static final String MOUNT = "mount ";
    private static final long DEADLINE = 30_000;
    /** Fences are rare and their copies late, so each of them has some. */
    private static final int FENCE_COPIES = 6;

    private final Agenda agenda;
    private final Dice dice;
    private final Faults faults;
    private final Trace trace;
    private final Backend backend;
    private final Kind kind;
    private final Lanes lanes;
    private final Preempt preempt;
    private final Numbers numbers;
    private final Map<String, Deque<Operation>> queues = new TreeMap<>();
    private Kernel kernel;
    private int life;

    /** Whose plugin it is. */
    public enum Kind {
        /** Ours: it knows fences, and says what it is at work on. */
        MOORING,
        /** Any other: it knows neither, and answers an unmount as soon as its own mount is gone. */
        PLAIN
    }

    /** Whether calls on one volume wait for each other. */
    public enum Lanes {
        ONE_AT_A_TIME,
        SIDE_BY_SIDE
    }

    /** Whether a mount takes the volume from whoever has it. */
    public enum Preempt {
        ON,
        OFF
    }

    /** Whether an order to cut a machine off is held against the number of the attachment there. */
    public enum Numbers {
        COMPARED,
        IGNORED
    }

    /** How this plugin behaves. */
    public record Manner(Kind kind, Lanes lanes, Preempt preempt, Numbers numbers) {}

    public Plugin(Surroundings around, Backend backend, Manner manner) {
        this.agenda = around.agenda();
        this.dice = around.dice();
        this.faults = around.faults();
        this.trace = around.trace();
        this.backend = backend;
        this.kind = manner.kind();
        this.lanes = manner.lanes();
        this.preempt = manner.preempt();
        this.numbers = manner.numbers();
    }

    private static final class Operation {
        private final String what;
        private final Runnable begin;
        private boolean over;

        private Operation(String what, Runnable begin) {
            this.what = what;
            this.begin = begin;
        }
    }

    /** The machine has booted: nothing of an earlier boot is attached any more, and the plugin sees to its records. */
    public void boot(Kernel now) {
        life++;
        queues.clear();
        kernel = now;
        int born = life;
        agenda.in(dice.millis(500, 5_000), () -> {
            if (born == life) {
                forgetEarlierBoots();
            }
        });
    }

    /** The process ends and is started again. What it was at work on ends where it stood. */
    public void restart() {
        life++;
        queues.clear();
        trace.note(kernel.machine(), "plugin restarted");
    }

    private void forgetEarlierBoots() {
        for (String key : backend.keys()) {
            Stored volume = backend.volume(key);
            volume.attached()
                    .filter(at ->
                            at.machine().equals(kernel.machine()) && !at.boot().equals(kernel.boot()))
                    .ifPresent(at -> backend.detach(volume));
        }
    }

    public void look(VolumeName name, Consumer<Outcome<Existence>> answer) {
        call(
                "look",
                name,
                () -> new Outcome.Done<>(volume(name).exists() ? Existence.PRESENT : Existence.ABSENT),
                answer);
    }

    public void create(VolumeName name, Consumer<Outcome<Acknowledged>> answer) {
        call(
                "create",
                name,
                () -> {
                    if (volume(name).exists()) {
                        return new Outcome.Refused<>(Refusal.EXISTS, "volume " + name + " exists");
                    }
                    backend.create(volume(name));
                    return new Outcome.Done<>(Acknowledged.YES);
                },
                answer);
    }

    public void remove(VolumeName name, Consumer<Outcome<Acknowledged>> answer) {
        call(
                "remove",
                name,
                () -> {
                    if (!volume(name).exists()) {
                        return new Outcome.Refused<>(Refusal.NOT_FOUND, "volume " + name + " is not known");
                    }
                    if (volume(name).attached().isPresent()) {
                        return new Outcome.Refused<>(Refusal.IN_USE, "volume " + name + " is attached");
                    }
                    backend.remove(volume(name));
                    return new Outcome.Done<>(Acknowledged.YES);
                },
                answer);
    }

    /** Attaches and mounts. The attachment is on record before the mount is made. */
    public void mount(VolumeName name, String mountId, Consumer<Outcome<String>> answer) {
        call(MOUNT + mountId, name, () -> attachAndMount(name, mountId), answer);
    }

    private Outcome<String> attachAndMount(VolumeName name, String mountId) {
        Stored volume = volume(name);
        if (!volume.exists()) {
            return new Outcome.Refused<>(Refusal.NOT_FOUND, "volume " + name + " is not known");
        }
        long fence = fence(mountId);
        boolean stale = fence < volume.newestFence() || volume.fenced(kernel.machine(), fence);
        if (kind == Kind.MOORING && stale) {
            return new Outcome.Refused<>(Refusal.REJECTED, "fence " + fence + " is stale");
        }
        Optional<Attached> at = volume.attached();
        boolean elsewhere = at.isPresent() && !at.get().machine().equals(kernel.machine());
        if (elsewhere && preempt == Preempt.ON) {
            backend.forceDetach(name.key());
        } else if (elsewhere && volume.exclusive()) {
            return new Outcome.Refused<>(
                    Refusal.IN_USE,
                    "volume " + name + " is attached to " + at.get().machine());
        }
        backend.attach(volume, new Attached(kernel.machine(), kernel.boot(), fence));
        kernel.mount(name.key(), mountId);
        return new Outcome.Done<>("/volumes/" + name.key() + "/data");
    }

    static ClaimId claim(String mountId) {
        return new ClaimId(mountId.split(":", 4)[1]);
    }

    private static long fence(String mountId) {
        String[] parts = mountId.split(":", 4);
        return Long.parseLong(parts[2]);
    }

    /** Ends one use; the last one unmounts and detaches. */
    public void unmount(VolumeName name, String mountId, Consumer<Outcome<Acknowledged>> answer) {
        call("unmount " + mountId, name, () -> unmountAndDetach(name, mountId), answer);
    }

    private Outcome<Acknowledged> unmountAndDetach(VolumeName name, String mountId) {
        Optional<Kernel.Device> device = kernel.device(name.key());
        boolean ours = device.isPresent() && device.get().mountIds().contains(mountId);
        if (!ours && device.filter(Kernel.Device::mounted).isPresent()) {
            return new Outcome.Done<>(Acknowledged.YES);
        }
        if (ours && device.get().mountIds().size() > 1) {
            device.get().mountIds().remove(mountId);
            return new Outcome.Done<>(Acknowledged.YES);
        }
        if (kernel.busy(name.key())) {
            return new Outcome.Refused<>(Refusal.REJECTED, "umount: target is busy");
        }
        kernel.unmount(name.key());
        if (kind == Kind.MOORING && kernel.held(name.key())) {
            return new Outcome.Refused<>(Refusal.REJECTED, "another mount namespace still shows " + name);
        }
        volume(name)
                .attached()
                .filter(at -> at.machine().equals(kernel.machine()))
                .ifPresent(at -> backend.detach(volume(name)));
        return new Outcome.Done<>(Acknowledged.YES);
    }

    /** What it says it is at work on. */
    public void inFlight(VolumeName name, Consumer<Flight> answer) {
        if (kind == Kind.PLAIN) {
            answer(answer, Flight.UNTOLD);
            return;
        }
        boolean busy = lanes == Lanes.ONE_AT_A_TIME
                && queues.containsKey(name.key())
                && !queues.get(name.key()).isEmpty();
        answer(answer, faults.strikes(Fault.PLUGIN_FAILS) || busy ? Flight.BUSY : Flight.NONE);
    }

    public void here(VolumeName name, Consumer<AttachmentHere> answer) {
        if (kind == Kind.PLAIN) {
            answer(answer, new AttachmentHere.Untold("a plain plugin does not say"));
            return;
        }
        boolean here = volume(name)
                .attached()
                .filter(at -> at.machine().equals(kernel.machine()))
                .isPresent();
        answer(
                answer,
                here
                        ? new AttachmentHere.Attached(
                                Optional.of("/dev/" + name.key()),
                                kernel.device(name.key())
                                        .map(Kernel.Device::mountIds)
                                        .orElse(List.of()))
                        : new AttachmentHere.NotAttached());
    }

    /** Cuts another machine off, and looks whether it is. */
    public void fence(FenceHolder order, Consumer<Outcome<CutState>> answer) {
        call("fence " + order.holder() + " " + order.fence(), order.volume(), () -> fence(order), answer);
        // Sent by leaders that slept, or twice by the network: it meets whoever has the volume then.
        int born = life;
        for (int copy = 0; copy < FENCE_COPIES && !faults.calm(); copy++) {
            agenda.in(dice.millis(1_000, 600_000), () -> {
                if (born == life) {
                    trace.note(
                            kernel.machine(), "fence comes again", fence(order).reason());
                }
            });
        }
    }

    private Outcome<CutState> fence(FenceHolder order) {
        Outcome<CutState> outcome = fence(order, order.claim(), order.fence());
        if (outcome instanceof Outcome.Done<CutState> || order.takesOver().isEmpty()) {
            return outcome;
        }
        fence(order, order.takesOver().get().claim(), order.takesOver().get().fence());
        return fence(order, order.claim(), order.fence());
    }

    private Outcome<CutState> fence(FenceHolder order, ClaimId claim, long fence) {
        Stored volume = volume(order.volume());
        if (kind == Kind.PLAIN || !volume.exclusive()) {
            return new Outcome.Refused<>(Refusal.NO_SUCH_CALL, "this storage cuts nobody off");
        }
        Optional<Attached> at = volume.attached();
        boolean another = at.isPresent()
                && (!at.get().machine().equals(order.holder().value())
                        || at.get().fence() != fence);
        if (another && numbers == Numbers.COMPARED) {
            return new Outcome.Refused<>(
                    Refusal.IN_USE,
                    "attached to " + at.get().machine() + " under fence "
                            + at.get().fence());
        }
        backend.fence(volume, order.holder().value(), claim, fence);
        return new Outcome.Done<>(new CutState(false, true));
    }

    /** Lets this machine use the volume again, if nothing of an older use is left here; what is, otherwise. */
    public void unfence(VolumeName name, Consumer<Optional<String>> answer) {
        call(
                "unfence",
                name,
                () -> new Outcome.Done<>(unfence(name)),
                outcome -> answer.accept(
                        outcome instanceof Outcome.Done<Optional<String>> done
                                ? done.value()
                                : Optional.of(outcome.reason())));
    }

    private Optional<String> unfence(VolumeName name) {
        if (kernel.shownElsewhere(name.key())) {
            return Optional.of("a mount namespace still shows " + name);
        }
        if (volume(name)
                .attached()
                .filter(at -> at.machine().equals(kernel.machine()))
                .isPresent()) {
            return Optional.of(name + " is attached here");
        }
        kernel.unmount(name.key());
        backend.unfence(volume(name), kernel.machine());
        return Optional.empty();
    }

    /** Where the storage says that volumes are attached. */
    public void observe(List<VolumeName> names, Consumer<List<VolumeObserved>> answer) {
        answer(answer, names.stream().map(this::observed).toList());
    }

    private VolumeObserved observed(VolumeName name) {
        AttachmentView view = kind == Kind.PLAIN
                ? new AttachmentView.NotTold()
                : volume(name).attached().<AttachmentView>map(this::seen).orElse(new AttachmentView.None());
        return new VolumeObserved(
                name, volume(name).exists() ? ExecutorReport.Existence.EXISTS : ExecutorReport.Existence.MISSING, view);
    }

    private AttachmentView seen(Attached at) {
        return new AttachmentView.At(List.of(new AttachmentSeen(
                new MachineKey(at.machine()),
                Optional.of(new BootId(at.boot())),
                OptionalLong.of(at.fence()),
                Optional.empty(),
                agenda.instant())));
    }

    /** Why a claim does not stand any more, as far as the storage shows it. */
    public void overtaken(ClaimedVolume claimed, Consumer<Optional<String>> answer) {
        Stored volume = volume(claimed.request().name());
        boolean newer = volume.newestFence() > claimed.fence() || volume.fenced(kernel.machine(), claimed.fence());
        boolean tells = kind == Kind.MOORING && !faults.strikes(Fault.PLUGIN_FAILS);
        answer(answer, tells && newer ? Optional.of("another owner, or cut off") : Optional.empty());
    }

    public boolean handsOver() {
        return kind == Kind.MOORING;
    }

    /** Gives the use of a mounted volume from one claim to the next, as it is. */
    public void handOver(VolumeName name, String from, String to, Consumer<Outcome<Acknowledged>> answer) {
        call("hand over " + from + " " + to, name, () -> handOver(name, from, to), answer);
    }

    private Outcome<Acknowledged> handOver(VolumeName name, String from, String to) {
        Stored volume = volume(name);
        boolean stale = fence(to) < volume.newestFence() || volume.fenced(kernel.machine(), fence(to));
        if (kind == Kind.PLAIN || stale || !kernel.mountedFor(name.key(), from)) {
            return new Outcome.Refused<>(Refusal.REJECTED, from + " has nothing to give");
        }
        backend.attach(volume, new Attached(kernel.machine(), kernel.boot(), fence(to)));
        kernel.mount(name.key(), to);
        kernel.device(name.key()).ifPresent(device -> device.mountIds().remove(from));
        return new Outcome.Done<>(Acknowledged.YES);
    }

    /** Whether a mount under this ID may still come into effect. */
    public boolean mayStillMount(VolumeName name, String mountId) {
        Deque<Operation> queue = queues.get(name.key());
        return queue != null
                && queue.stream().anyMatch(operation -> !operation.over && operation.what.equals(MOUNT + mountId));
    }

    /** The claims for which a mount may still come into effect. */
    public Set<ClaimId> mountsToCome() {
        Set<ClaimId> claims = new TreeSet<>();
        queues.values().forEach(queue -> queue.stream()
                .filter(operation -> !operation.over && operation.what.startsWith(MOUNT))
                .forEach(operation -> claims.add(claim(operation.what.substring(MOUNT.length())))));
        return claims;
    }

    private Stored volume(VolumeName name) {
        return backend.volume(name.key());
    }

    private <T> void answer(Consumer<T> answer, T value) {
        agenda.in(dice.millis(1, 20), () -> answer.accept(value));
    }

    /** One call: it travels, waits for its turn, takes its time, has its effect, is answered; each of it may fail. */
    private <T> void call(String what, VolumeName name, Supplier<Outcome<T>> effect, Consumer<Outcome<T>> answer) {
        boolean[] answered = new boolean[1];
        Consumer<Outcome<T>> once = outcome -> {
            if (!answered[0]) {
                answered[0] = true;
                answer.accept(outcome);
            }
        };
        if (faults.strikes(Fault.PLUGIN_REQUEST_LOST)) {
            agenda.in(dice.millis(1, 50), () -> once.accept(new Outcome.Refused<>(Refusal.NOT_REACHED, "no socket")));
            return;
        }
        agenda.in(DEADLINE, () -> once.accept(new Outcome.Unknown<>("no answer in time")));
        int born = life;
        Deque<Operation> queue = queues.computeIfAbsent(name.key(), key -> new ArrayDeque<>());
        Operation[] self = new Operation[1];
        self[0] = new Operation(what, () -> {
            long takes = faults.strikes(Fault.PLUGIN_HANGS) ? dice.millis(10_000, 120_000) : dice.millis(10, 800);
            agenda.in(takes, () -> {
                if (born != life) {
                    return;
                }
                Outcome<T> outcome =
                        faults.strikes(Fault.PLUGIN_FAILS) ? new Outcome.Unknown<>("internal error") : effect.get();
                trace.note(kernel.machine(), what, name.key() + " " + outcome.reason());
                if (!faults.strikes(Fault.PLUGIN_ANSWER_LOST)) {
                    once.accept(outcome);
                }
                over(queue, self[0]);
            });
        });
        queue.add(self[0]);
        if (lanes == Lanes.SIDE_BY_SIDE || queue.size() == 1) {
            agenda.in(dice.millis(1, 20), self[0].begin);
        }
    }

    private void over(Deque<Operation> queue, Operation operation) {
        operation.over = true;
        queue.remove(operation);
        if (lanes == Lanes.ONE_AT_A_TIME && !queue.isEmpty()) {
            queue.peek().begin.run();
        }
    }
}
