package io.mooring.executor.dvdcli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.executor.dvdcli.Invocation.Create;
import io.mooring.executor.engine.MountPort;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountCheck;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.mount.ReleaseFacts;
import io.mooring.executor.mounttable.Kernel;
import io.mooring.executor.mounttable.MountInspection;
import io.mooring.executor.plugin.CallKind;
import io.mooring.executor.plugin.Plugins;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commands of dvdcli 0.2 against any volume plugin, for Mesos' {@code docker/volume} isolator, mesos-module-dvdi and
 * people. Mounts have no id, as dvdcli's have none, unless Mooring is asked first: then the id is that of the claim.
 *
 * <p>One thing is other than in the original, whose mount makes a volume whenever Get fails: here it does when the plugin
 * says that there is none. A plugin that was only busy would get a second volume of the name.
 */
public final class Dvdcli {
    /** The exit code of everything that did not go as asked. */
    public static final int FAILED = 1;

    static final String USAGE = """
            Usage: dvdcli COMMAND --volumedriver=NAME [--volumename=NAME] [FLAGS]

              create   [--volumeopts=KEY=VALUE,...]   make a volume
              remove                                  remove a volume
              mount    [--volumeopts=KEY=VALUE,...]   mount a volume and print where; made first if it is not there,
                       [--explicitcreate]             or, with this flag, not
              unmount                                 unmount a volume
              path                                    print where a volume is mounted
              get                                     print a volume's name if it is there
              list                                    print the names of all volumes
              version                                 print the version
            """;

    private final Plugins plugins;
    private final PrintStream out;
    private final PrintStream log;
    private final InstantSource clock;
    private final Optional<ClaimedMounts> claims;
    private final MountPort mounts;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param out for what a caller reads: paths and names
     * @param log for everything else
     */
    public Dvdcli(Plugins plugins, PrintStream out, PrintStream log, InstantSource clock) {
        this(plugins, out, log, clock, Optional.empty(), new MountInspection(new Kernel()));
    }

    /** The same where Mooring is asked before anything is mounted. */
    public Dvdcli(
            Plugins plugins,
            PrintStream out,
            PrintStream log,
            InstantSource clock,
            Optional<ClaimedMounts> claims,
            MountPort mounts) {
        this.plugins = plugins;
        this.claims = claims;
        this.mounts = mounts;
        this.out = out;
        this.log = log;
        this.clock = clock;
    }

    /** Runs a command line and gives the exit code: 0, or 1 with a reason on the log. */
    public int run(List<String> arguments) {
        Invocation invocation;
        try {
            invocation = Invocation.parse(arguments);
        } catch (IllegalArgumentException e) {
            tell("error", e.getMessage(), "");
            log.print(USAGE);
            return FAILED;
        }
        return switch (invocation.command()) {
            case HELP -> {
                out.print(USAGE);
                yield 0;
            }
            case VERSION -> version();
            default -> withDriver(invocation);
        };
    }

    private int version() {
        String version = Dvdcli.class.getPackage().getImplementationVersion();
        out.println("Binary: dvdcli (of Mooring)");
        out.println("SemVer: 0.2.1");
        out.println("OsArch: Linux-" + System.getProperty("os.arch"));
        out.println("Branch: mooring");
        out.println("Commit: " + (version == null ? "development" : version));
        out.println("Formed: " + formed());
        return 0;
    }

    /** When what this class came from was written. */
    private static String formed() {
        try {
            URL origin = Dvdcli.class.getProtectionDomain().getCodeSource().getLocation();
            return Files.getLastModifiedTime(Path.of(origin.toURI())).toString();
        } catch (URISyntaxException | IOException e) {
            return "unknown";
        }
    }

    private int withDriver(Invocation invocation) {
        if (invocation.driver().isEmpty()) {
            return fail("Missing volume driver name", "");
        }
        DriverName driver;
        try {
            driver = new DriverName(invocation.driver().get());
        } catch (IllegalArgumentException e) {
            return fail(e.getMessage(), "");
        }
        if (invocation.command() == Invocation.Command.LIST) {
            return list(driver);
        }
        if (invocation.volume().isEmpty()) {
            return fail("Missing volume name", "");
        }
        String name = invocation.volume().get();
        return switch (invocation.command()) {
            case CREATE -> done(create(driver, name, invocation), name);
            case MOUNT -> mount(driver, name, invocation);
            case UNMOUNT -> unmount(driver, name);
            case REMOVE -> afterGet(driver, name, "VolumeDriver.Remove", CallKind.CHANGE);
            case PATH -> path(driver, name);
            case GET -> get(driver, name);
            case LIST, VERSION, HELP -> throw new IllegalStateException("runs without a volume");
        };
    }

    private int list(DriverName driver) {
        Outcome<JsonNode> listed =
                plugins.call(driver, "VolumeDriver.List", json.createObjectNode(), CallKind.QUESTION);
        if (listed instanceof Outcome.Done<JsonNode> done) {
            done.value()
                    .path("Volumes")
                    .forEach(volume -> out.println(volume.path("Name").asText()));
            return 0;
        }
        return fail(listed.reason(), "");
    }

    private Outcome<JsonNode> create(DriverName driver, String name, Invocation invocation) {
        Outcome<Map<String, String>> harmless = plugins.harmless(driver, invocation.options());
        if (!(harmless instanceof Outcome.Done<Map<String, String>> sent)) {
            return new Outcome.Refused<>(Refusal.REJECTED, harmless.reason());
        }
        ObjectNode body = named(name);
        ObjectNode options = body.putObject("Opts");
        sent.value().forEach(options::put);
        return plugins.call(driver, "VolumeDriver.Create", body, CallKind.CHANGE);
    }

    private int mount(DriverName driver, String name, Invocation invocation) {
        if (claims.isEmpty()) {
            return told(mount(driver, name, invocation, named(name)), name);
        }
        CreatePolicy create =
                invocation.explicit() == Create.WHEN_MISSING ? CreatePolicy.IF_MISSING : CreatePolicy.NEVER;
        ClaimedMounts.Claimed claimed = claims.get().claim(driver, name, invocation.options(), create);
        if (!(claimed instanceof ClaimedMounts.Claimed.Held held)) {
            return fail(((ClaimedMounts.Claimed.Refused) claimed).why(), name);
        }
        DriverName meant = held.volume().request().driver();
        ObjectNode body = named(name).put("ID", JournalEntry.mountId(held.volume()));
        Outcome<JsonNode> mounted = mount(meant, name, invocation, body);
        if (mounted instanceof Outcome.Refused<JsonNode>) {
            claims.get().neverMounted(held.volume()).ifPresent(later -> tell("warning", later, name));
        } else if (mounted instanceof Outcome.Done<JsonNode> done) {
            claims.get().mounted(held.volume(), done.value().path("Mountpoint").asText(""));
        }
        return told(mounted, name);
    }

    private Outcome<JsonNode> mount(DriverName driver, String name, Invocation invocation, ObjectNode body) {
        Outcome<JsonNode> got = existing(driver, name);
        if (got.refusedAs(Refusal.NOT_FOUND) && invocation.explicit() == Create.WHEN_MISSING) {
            got = create(driver, name, invocation);
        }
        return got instanceof Outcome.Done<JsonNode>
                ? plugins.call(driver, "VolumeDriver.Mount", body, CallKind.CHANGE)
                : got;
    }

    private int told(Outcome<JsonNode> mounted, String name) {
        if (!(mounted instanceof Outcome.Done<JsonNode> done)) {
            return fail(mounted.reason(), name);
        }
        String point = done.value().path("Mountpoint").asText("");
        if (point.isEmpty()) {
            return fail("the plugin says that it mounted the volume, and not where", name);
        }
        out.println(point);
        tell("info", point, name);
        return 0;
    }

    private int unmount(DriverName driver, String name) {
        Optional<ClaimedVolume> held = claims.flatMap(claimed -> claimed.held(name));
        if (held.isEmpty()) {
            return afterGet(driver, name, "VolumeDriver.Unmount", CallKind.CHANGE);
        }
        DriverName meant = held.get().request().driver();
        Outcome<JsonNode> got = existing(meant, name);
        if (!(got instanceof Outcome.Done<JsonNode> done)) {
            return fail(got.reason(), name);
        }
        String point = done.value().path("Volume").path("Mountpoint").asText("");
        MountCheck before = mounts.check(point, plugins.form(meant), name);
        ObjectNode body = named(name).put("ID", JournalEntry.mountId(held.get()));
        Outcome<JsonNode> unmounted = plugins.call(meant, "VolumeDriver.Unmount", body, CallKind.CHANGE);
        if (unmounted instanceof Outcome.Done<JsonNode>) {
            ReleaseFacts left = before instanceof MountCheck.Fit fit ? mounts.left(fit.facts()) : ReleaseFacts.NONE;
            claims.get().unmounted(held.get(), left).ifPresent(later -> tell("warning", later, name));
        }
        return done(unmounted, name);
    }

    private int afterGet(DriverName driver, String name, String method, CallKind kind) {
        Outcome<JsonNode> got = existing(driver, name);
        return got instanceof Outcome.Done<JsonNode>
                ? done(plugins.call(driver, method, named(name), kind), name)
                : fail(got.reason(), name);
    }

    private Outcome<JsonNode> existing(DriverName driver, String name) {
        Outcome<JsonNode> got = plugins.call(driver, "VolumeDriver.Get", named(name), CallKind.QUESTION);
        return got instanceof Outcome.Done<JsonNode> done
                        && !done.value().path("Volume").isObject()
                ? new Outcome.Refused<>(Refusal.NOT_FOUND, "no such volume")
                : got;
    }

    private int path(DriverName driver, String name) {
        Outcome<JsonNode> got = existing(driver, name);
        if (!(got instanceof Outcome.Done<JsonNode> done)) {
            return fail(got.reason(), name);
        }
        String point = done.value().path("Volume").path("Mountpoint").asText("");
        if (point.isEmpty()
                && plugins.call(driver, "VolumeDriver.Path", named(name), CallKind.QUESTION)
                        instanceof Outcome.Done<JsonNode> answered) {
            point = answered.value().path("Mountpoint").asText("");
        }
        if (!point.isEmpty()) {
            out.println(point);
        }
        return 0;
    }

    private int get(DriverName driver, String name) {
        Outcome<JsonNode> got = existing(driver, name);
        if (got instanceof Outcome.Done<JsonNode> done) {
            out.println(done.value().path("Volume").path("Name").asText(name));
            return 0;
        }
        return fail(got.reason(), name);
    }

    private ObjectNode named(String name) {
        return json.createObjectNode().put("Name", name);
    }

    private int done(Outcome<JsonNode> outcome, String name) {
        if (outcome instanceof Outcome.Done<JsonNode>) {
            tell("info", name, name);
            return 0;
        }
        return fail(outcome.reason(), name);
    }

    private int fail(String why, String name) {
        tell("error", why, name);
        return FAILED;
    }

    /** A line as dvdcli's logger writes it where there is no terminal. */
    private void tell(String level, String message, String name) {
        String time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                clock.instant().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
        log.println("time=\"" + time + "\" level=" + level + " msg=" + quoted(message)
                + (name.isEmpty() ? "" : " volumeName=" + quoted(name)));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
