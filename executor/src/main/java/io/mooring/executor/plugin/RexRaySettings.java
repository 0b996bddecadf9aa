package io.mooring.executor.plugin;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What REX-Ray's own configuration on this machine says of preemption. Its protocol does not tell: the flag is the whole
 * host's, and shows when it is too late.
 */
public final class RexRaySettings {
    /** Where REX-Ray looks, the system's file first. */
    public static final List<Path> USUAL =
            List.of(Path.of("/etc/rexray/config.yml"), Path.of("/root/.rexray/config.yml"));

    private static final long MOST_BYTES = 1 << 20;
    private static final int DEEPEST = 20;
    /** Today's key, the one of 0.3, and the one without its middle that the documents spread: all end like this. */
    private static final String PREEMPT = "mount.preempt";

    /** Values of a switch that turn it on. */
    private static final List<String> ON = List.of("true", "1", "t", "yes", "on");

    private final List<Path> files;
    private final Function<Path, List<String>> startedWith;

    /** Whether a mount takes a volume from whoever has it. */
    enum Preempt {
        ON,
        OFF,
        /** No file could be read. */
        UNKNOWN
    }

    /** Where nobody sees what a plugin was started with. */
    RexRaySettings(List<Path> files) {
        this(files, socket -> List.of());
    }

    /** @param startedWith the arguments and variables of whoever serves a socket */
    public RexRaySettings(List<Path> files, Function<Path, List<String>> startedWith) {
        this.files = List.copyOf(files);
        this.startedWith = startedWith;
    }

    /**
     * One place that turns it on is enough: which file REX-Ray was started with is not known, and a variable or an option of
     * its process comes before all of them.
     */
    Preempt preempt(Optional<Path> socket) {
        boolean started =
                socket.stream().flatMap(at -> startedWith.apply(at).stream()).anyMatch(RexRaySettings::turnsOn);
        return started ? Preempt.ON : preempt();
    }

    /** A variable such as {@code REXRAY_PREEMPT=true}, or an option whose name ends as the key's does. */
    private static boolean turnsOn(String word) {
        int equals = word.indexOf('=');
        String name = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
        String value = equals < 0 ? "true" : word.substring(equals + 1).toLowerCase(Locale.ROOT);
        boolean option = name.startsWith("--") && name.endsWith("PREEMPT");
        return (option || name.endsWith("MOUNT_PREEMPT") || name.equals("REXRAY_PREEMPT")) && ON.contains(value);
    }

    private Preempt preempt() {
        Preempt found = Preempt.UNKNOWN;
        for (Path file : files) {
            if (Files.isReadable(file)) {
                Preempt here = preempt(file);
                if (here == Preempt.ON) {
                    return here;
                }
                found = here == Preempt.OFF ? here : found;
            }
        }
        return found;
    }

    private static Preempt preempt(Path file) {
        try (Reader text = Files.newBufferedReader(file)) {
            if (Files.size(file) > MOST_BYTES) {
                return Preempt.UNKNOWN;
            }
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return turnedOn("", tree, 0) ? Preempt.ON : Preempt.OFF;
        } catch (IOException | YAMLException e) {
            return Preempt.UNKNOWN;
        }
    }

    private static boolean turnedOn(String path, Object node, int depth) {
        if (node instanceof Map<?, ?> map && depth < DEEPEST) {
            return map.entrySet().stream()
                    .anyMatch(entry -> turnedOn(
                            path + "." + String.valueOf(entry.getKey()).toLowerCase(Locale.ROOT),
                            entry.getValue(),
                            depth + 1));
        }
        return path.endsWith(PREEMPT) && ON.contains(String.valueOf(node).toLowerCase(Locale.ROOT));
    }
}
