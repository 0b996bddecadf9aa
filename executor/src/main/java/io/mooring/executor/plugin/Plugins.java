package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.AttachmentHere;
import io.mooring.executor.engine.PluginPort;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume plugins of this agent, by name. All calls block; each volume has at most one under way.
 *
 * <p>A plugin that is not there is waited for as Docker does: 1, 2, 4, 8 s, if its limits say nothing else. Only then was
 * nothing sent.
 */
public final class Plugins implements PluginPort, AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration REMINDED = Duration.ofMillis(100);
    private static final int REMINDERS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final PluginDirectories directories;
    private final LimitsByPlugin limits;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<PluginAddress, PluginConnection> connections = new ConcurrentHashMap<>();
    private final Map<PluginAddress, Generation> generations = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor deadlines;
    private final OwnershipCalls ownership = new OwnershipCalls(this);

    /** How long a plugin that is not there is waited for. */
    public record Patience(Duration total) {
        /** Not at all. */
        public static final Patience NONE = new Patience(Duration.ZERO);
    }

    /** With the usual limits, but for this one. */
    public Plugins(PluginDirectories directories, Patience patience) {
        this(directories, LimitsByPlugin.USUAL.waiting(patience.total()));
    }

    public Plugins(PluginDirectories directories, LimitsByPlugin limits) {
        this.directories = directories;
        this.limits = limits;
        this.deadlines = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "plugin-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /** Whether the plugin knows the volume. A refusal other than "not found" is no answer to the question. */
    @Override
    public Outcome<Existence> look(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> outcome = callNamed(driver, volume, "VolumeDriver.Get", named(volume), CallKind.QUESTION);
        if (outcome instanceof Outcome.Done<JsonNode> done) {
            boolean there = done.value().path("Volume").isObject();
            return new Outcome.Done<>(there ? Existence.PRESENT : Existence.ABSENT);
        }
        return outcome.refusedAs(Refusal.NOT_FOUND) ? new Outcome.Done<>(Existence.ABSENT) : same(outcome);
    }

    /** Makes a volume, with what the plugin's generation is known to make of the options kept in mind. */
    @Override
    public Outcome<Acknowledged> create(DriverName driver, VolumeName volume, Map<String, String> options) {
        Outcome<Generation> generation = generation(driver);
        if (!(generation instanceof Outcome.Done<Generation> known)) {
            // Nothing was created, whatever became of the question.
            return new Outcome.Refused<>(Refusal.NOT_REACHED, generation.reason());
        }
        Outcome<Map<String, String>> fit = known.value().options(options);
        if (!(fit instanceof Outcome.Done<Map<String, String>> sent)) {
            return new Outcome.Refused<>(Refusal.REJECTED, fit.reason());
        }
        ObjectNode body = named(volume);
        ObjectNode opts = body.putObject("Opts");
        sent.value().forEach(opts::put);
        return acknowledged(call(driver, "VolumeDriver.Create", body, CallKind.CHANGE));
    }

    /**
     * The options that this plugin may be sent with a create: without what would make it format a volume that is there, refused
     * where it would make an empty volume in place of a copy.
     */
    public Outcome<Map<String, String>> harmless(DriverName driver, Map<String, String> options) {
        if (!Generation.matters(options)) {
            return new Outcome.Done<>(options);
        }
        Outcome<Generation> generation = generation(driver);
        return generation instanceof Outcome.Done<Generation> known
                ? known.value().options(options)
                : new Outcome.Refused<>(Refusal.NOT_REACHED, generation.reason());
    }

    /** Removes a volume with its data. */
    @Override
    public Outcome<Acknowledged> remove(DriverName driver, VolumeName volume) {
        return acknowledged(callNamed(driver, volume, "VolumeDriver.Remove", named(volume), CallKind.CHANGE));
    }

    /** Attaches and mounts a volume; the answer is the path. */
    @Override
    public Outcome<String> mount(DriverName driver, VolumeName volume, String mountId) {
        Outcome<JsonNode> outcome =
                call(driver, "VolumeDriver.Mount", named(volume).put("ID", mountId), CallKind.CHANGE);
        if (outcome instanceof Outcome.Done<JsonNode> done) {
            return new Outcome.Done<>(done.value().path("Mountpoint").asText(""));
        }
        return outcome.refusedAs(Refusal.NOT_FOUND) ? notFound(driver, volume, outcome.reason()) : same(outcome);
    }

    /** A REX-Ray from 0.4 on says of a volume that another host has what it says of one that is not there. */
    private Outcome<String> notFound(DriverName driver, VolumeName volume, String reason) {
        boolean ambiguous = generation(driver) instanceof Outcome.Done<Generation> known
                && known.value().hidesVolumesOfOthers()
                && look(driver, volume) instanceof Outcome.Done<Existence> looked
                && looked.value() == Existence.PRESENT;
        return ambiguous
                ? new Outcome.Refused<>(
                        Refusal.IN_USE,
                        "the plugin has the volume, and cannot mount it: another host has it (" + reason + ")")
                : new Outcome.Refused<>(Refusal.NOT_FOUND, reason);
    }

    /** Unmounts and detaches a volume. */
    @Override
    public Outcome<Acknowledged> unmount(DriverName driver, VolumeName volume, String mountId) {
        ObjectNode body = named(volume).put("ID", mountId);
        return acknowledged(callNamed(driver, volume, "VolumeDriver.Unmount", body, CallKind.CHANGE));
    }

    /** Whether the plugin is still at work on a volume. */
    @Override
    public Flight inFlight(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> outcome = call(driver, "Mooring.InFlight", named(volume), CallKind.QUESTION);
        if (outcome instanceof Outcome.Done<JsonNode> done
                && done.value().path("Operations").isArray()) {
            return done.value().path("Operations").isEmpty() ? Flight.NONE : Flight.BUSY;
        }
        return outcome.refusedAs(Refusal.NO_SUCH_CALL) ? Flight.UNTOLD : Flight.BUSY;
    }

    /** What a volume of this plugin is once mounted; a plugin that does not say mounts file systems. */
    @Override
    public MountForm form(DriverName driver) {
        Outcome<JsonNode> outcome = call(driver, "Mooring.Capabilities", json.createObjectNode(), CallKind.QUESTION);
        if (!(outcome instanceof Outcome.Done<JsonNode> done)) {
            return new MountForm(MountKind.DEVICE, MountForm.USUAL_ROOT_PATH);
        }
        return new MountForm(
                "directory".equals(done.value().path("MountKind").asText()) ? MountKind.DIRECTORY : MountKind.DEVICE,
                done.value().path("RootPath").asText(MountForm.USUAL_ROOT_PATH));
    }

    /** Where the plugin says that a volume is on this host. */
    @Override
    public AttachmentHere here(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> self = call(driver, "Mooring.Capabilities", json.createObjectNode(), CallKind.QUESTION);
        Outcome<JsonNode> all = call(driver, "Mooring.Volumes", named(volume), CallKind.QUESTION);
        if (!(self instanceof Outcome.Done<JsonNode> host) || !(all instanceof Outcome.Done<JsonNode> volumes)) {
            return foreignHere(driver, volume);
        }
        String name = host.value().path("Host").asText();
        Optional<ListedVolume> listed = ListedVolume.find(volumes.value(), volume);
        Optional<JsonNode> at = listed.flatMap(found -> found.on(name));
        if (at.isPresent()) {
            JsonNode device = at.get().path("Device");
            return new AttachmentHere.Attached(
                    device.isTextual() ? Optional.of(device.textValue()) : Optional.empty(),
                    listed.get().mountIdsOn(name));
        }
        return new AttachmentHere.NotAttached();
    }

    /** Docker's protocol only has the mount point for that; an empty one is the best that can be had. */
    private AttachmentHere foreignHere(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> got = callNamed(driver, volume, "VolumeDriver.Get", named(volume), CallKind.QUESTION);
        if (got.refusedAs(Refusal.NOT_FOUND)) {
            return new AttachmentHere.NotAttached();
        }
        if (!(got instanceof Outcome.Done<JsonNode> done)) {
            return new AttachmentHere.Untold(got.reason());
        }
        String point = done.value().path("Volume").path("Mountpoint").asText("");
        return point.isEmpty() ? new AttachmentHere.NotAttached() : new AttachmentHere.Untold("it names " + point);
    }

    @Override
    public Outcome<CutState> cutOff(FenceHolder order) {
        return ownership.cutOff(order);
    }

    @Override
    public List<VolumeObserved> observe(DriverName driver, List<VolumeName> volumes) {
        return ownership.observe(driver, volumes);
    }

    @Override
    public Optional<String> overtaken(ClaimedVolume volume) {
        return ownership.overtaken(volume);
    }

    @Override
    public Optional<String> trouble(DriverName driver) {
        Outcome<PluginAnswer> asked = exchange(driver, "Plugin.Activate", empty(), CallKind.GLANCE);
        return asked instanceof Outcome.Done<PluginAnswer> ? Optional.empty() : Optional.of(asked.reason());
    }

    @Override
    public Optional<String> unfence(VolumeName volume) {
        return ownership.unfence(volume);
    }

    @Override
    public boolean handsOver(DriverName driver) {
        return call(driver, "Mooring.Capabilities", json.createObjectNode(), CallKind.QUESTION)
                        instanceof Outcome.Done<JsonNode> done
                && done.value().path("HandOver").asBoolean(false);
    }

    @Override
    public Outcome<Acknowledged> handOver(DriverName driver, VolumeName volume, String from, String to) {
        return acknowledged(
                call(driver, "Mooring.HandOver", named(volume).put("From", from).put("To", to), CallKind.QUESTION));
    }

    /**
     * One call, with the waits for a plugin that is not there yet.
     *
     * @param method such as {@code VolumeDriver.Get}
     */
    public Outcome<JsonNode> call(DriverName driver, String method, JsonNode body, CallKind kind) {
        Outcome<PluginAnswer> outcome = exchange(driver, method, body, kind);
        return outcome instanceof Outcome.Done<PluginAnswer> done ? done.value().read(json) : same(outcome);
    }

    /** A call about one volume, repeated where the plugin has only forgotten that it has the volume. */
    private Outcome<JsonNode> callNamed(
            DriverName driver, VolumeName volume, String method, JsonNode body, CallKind kind) {
        Outcome<JsonNode> outcome = call(driver, method, body, kind);
        boolean remembered = outcome.refusedAs(Refusal.NOT_FOUND)
                && generation(driver) instanceof Outcome.Done<Generation> known
                && known.value().forgetsVolumes()
                && lists(driver, volume);
        // It learns the names of what it lists beside its answer.
        for (int i = 0; remembered && i < REMINDERS && outcome.refusedAs(Refusal.NOT_FOUND) && pause(REMINDED); i++) {
            outcome = call(driver, method, body, kind);
        }
        return outcome;
    }

    private boolean lists(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> listed = call(driver, "VolumeDriver.List", empty(), CallKind.QUESTION);
        return listed instanceof Outcome.Done<JsonNode> done
                && ListedVolume.find(done.value(), volume).isPresent();
    }

    private Outcome<PluginAnswer> exchange(DriverName driver, String method, JsonNode body, CallKind kind) {
        Duration wait = FIRST_WAIT;
        Duration waited = Duration.ZERO;
        while (true) {
            Outcome<PluginAnswer> outcome = once(driver, method, body, kind);
            boolean enough = waited.plus(wait).compareTo(limits.of(driver).patience()) >= 0;
            if (!outcome.refusedAs(Refusal.NOT_REACHED) || enough || !pause(wait)) {
                return outcome;
            }
            waited = waited.plus(wait);
            wait = wait.multipliedBy(2);
        }
    }

    /** The names of the plugins here. */
    List<DriverName> names() {
        return directories.names();
    }

    ObjectNode empty() {
        return json.createObjectNode();
    }

    /**
     * Which kind of plugin this is, asked once for each address; not done when it does not answer, and then asked again.
     * Waits for a plugin that is not there yet, as every call does.
     */
    Outcome<Generation> generation(DriverName driver) {
        Optional<PluginAddress> address = address(driver);
        if (address.isPresent() && generations.containsKey(address.get())) {
            return new Outcome.Done<>(generations.get(address.get()));
        }
        Outcome<Generation> found =
                new GenerationProbe((method, body) -> exchange(driver, method, body, CallKind.INSPECTION), json).find();
        if (found instanceof Outcome.Done<Generation> done) {
            address(driver).ifPresent(at -> {
                generations.put(at, done.value());
                LOG.info("Plugin {} at {} is a {}", driver, at, done.value().words());
            });
        }
        return found;
    }

    /** Where it listens, if that is a socket of this machine. */
    Optional<Path> socket(DriverName driver) {
        return address(driver).flatMap(PluginAddress::socket);
    }

    private Optional<PluginAddress> address(DriverName driver) {
        try {
            return directories.find(driver);
        } catch (IOException e) {
            return Optional.empty(); // the call that follows says what is wrong
        }
    }

    private Outcome<PluginAnswer> once(DriverName driver, String method, JsonNode body, CallKind kind) {
        try {
            Optional<PluginAddress> address = directories.find(driver);
            if (address.isEmpty()) {
                return new Outcome.Refused<>(
                        Refusal.NOT_REACHED, "there is no volume plugin '" + driver + "' in " + directories);
            }
            return connection(driver, address.get())
                    .exchange(method, body, limits.of(driver).deadline(kind));
        } catch (IOException e) {
            return new Outcome.Refused<>(Refusal.NOT_REACHED, "plugin '" + driver + "': " + e.getMessage());
        }
    }

    /** One for all threads: the limits are the plugin's. */
    private synchronized PluginConnection connection(DriverName driver, PluginAddress address) throws IOException {
        PluginConnection connection = connections.get(address);
        if (connection == null) {
            connection = new PluginConnection(address, deadlines, limits.of(driver));
            connections.put(address, connection);
        }
        return connection;
    }

    private static boolean pause(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ObjectNode named(VolumeName volume) {
        return json.createObjectNode().put("Name", volume.value());
    }

    private static Outcome<Acknowledged> acknowledged(Outcome<JsonNode> outcome) {
        return outcome instanceof Outcome.Done<JsonNode> ? new Outcome.Done<>(Acknowledged.YES) : same(outcome);
    }

    /** A call that was not carried out, as the outcome of another kind of call. */
    static <T> Outcome<T> same(Outcome<?> outcome) {
        if (outcome instanceof Outcome.Refused<?> refused) {
            return new Outcome.Refused<>(refused.why(), refused.reason());
        }
        return new Outcome.Unknown<>(outcome.reason());
    }

    @Override
    public void close() {
        connections.values().forEach(PluginConnection::close);
        deadlines.shutdownNow();
    }
}
