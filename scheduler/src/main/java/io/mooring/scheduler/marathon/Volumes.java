package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.RootAccess;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Volumes from all the forms in which an app can name them, with their policies. */
final class Volumes {
    private static final String LABEL = "mooring/";
    private static final List<String> POLICIES =
            List.of("access", "create", "takeover", "reclaim", "uid", "gid", "mode");

    private Volumes() {}

    /** Whether a container path may be relative to the sandbox. */
    enum Relative {
        ALLOWED,
        REFUSED
    }

    /** A volume with where it was written. */
    record Located(VolumeSpec spec, VolumeFields fields) {}

    /** @param parameters the volumes that Docker parameters name */
    static List<Located> read(
            Fields app, Map<String, String> environment, Map<String, String> labels, List<DraftVolume> parameters) {
        List<DraftVolume> drafts = new ArrayList<>();
        app.object("env").ifPresent(env -> drafts.addAll(DvdiVariables.read(environment, env)));
        app.object("container").ifPresent(container -> {
            boolean image = container
                    .object("docker")
                    .flatMap(docker -> docker.text("image"))
                    .isPresent();
            for (Fields volume : container.objects("volumes")) {
                external(volume, image ? RunBy.ENGINE : RunBy.PROCESSES).ifPresent(drafts::add);
            }
        });
        drafts.addAll(parameters);
        List<DraftVolume> distinct = merged(drafts, app);
        checkApart(distinct, app);
        Map<String, Map<String, String>> policies = policies(app, labels, distinct);
        List<Located> volumes = new ArrayList<>();
        for (DraftVolume draft : distinct) {
            VolumeSpec spec = policed(draft, policies.getOrDefault(draft.name().key(), Map.of()), app);
            volumes.add(new Located(spec, draft.fields()));
        }
        return volumes;
    }

    /** Who runs the task. */
    private enum RunBy {
        PROCESSES,
        ENGINE
    }

    private static Optional<DraftVolume> external(Fields volume, RunBy runtime) {
        volume.only("containerPath", "mode", "external");
        Optional<String> path = volume.text("containerPath");
        if (!volume.has("containerPath")) {
            volume.missing("containerPath", "where the task sees the volume");
        } else if (path.isPresent()) {
            checkPath(path.get(), volume, "containerPath", Relative.ALLOWED);
        }
        MountMode mode = word(volume, "mode", "RW", MountMode::of, MountMode.READ_WRITE);
        Optional<Fields> external = volume.object("external");
        if (external.isEmpty()) {
            volume.error(
                    "external",
                    "is missing",
                    "an external volume; persistent, host and secret volumes are not run here");
            return Optional.empty();
        }
        Fields fields = external.get();
        fields.only("name", "provider", "size", "options", "shared");
        if (!fields.text("provider").equals(Optional.of("dvdi"))) {
            fields.error("provider", "is " + fields.text("provider").orElse("missing"), "dvdi");
        }
        Map<String, String> options = new TreeMap<>();
        Map<String, String> written = fields.textMap("options", "a text");
        String driver = null;
        for (Map.Entry<String, String> option : written.entrySet()) {
            if (option.getKey().equals("dvdi/driver")) {
                driver = option.getValue();
            } else if (option.getKey().startsWith("dvdi/")) {
                options.put(option.getKey().substring("dvdi/".length()), option.getValue());
            } else {
                fields.error("options/" + option.getKey(), "has no provider", "a key of the form dvdi/option");
            }
        }
        if (fields.has("size")) {
            options.put("size", Integer.toString(fields.count("size", 1, 16 * 1024, 1)));
        }
        if (runtime == RunBy.ENGINE) {
            // Marathon's rule, whose apps are to mean the same here and there.
            options.keySet()
                    .forEach(key -> fields.error(
                            key.equals("size") && fields.has("size") ? "size" : "options/dvdi/" + key,
                            "is set, and external volumes of an image are not created with options",
                            "the parameter mount with volume-opt=" + key + "=..., or the volume declared before"));
        }
        if (driver == null) {
            fields.error("options", "has no dvdi/driver", "the name of the volume plugin as dvdi/driver");
        }
        Optional<DraftName> name = draftName(fields.text("name").orElse(null), fields, "name");
        Optional<DriverName> plugin = driver == null ? Optional.empty() : driver(driver, fields, "options/dvdi/driver");
        Map<String, String> checked =
                options(options, fields, key -> key.equals("size") ? "size" : "options/dvdi/" + key);
        if (name.isEmpty() || plugin.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DraftVolume(
                plugin.get(),
                name.get(),
                checked,
                path,
                mode,
                CreatePolicy.IF_MISSING,
                shared(fields) ? together(mode) : AccessMode.SINGLE_WRITER,
                where(fields)));
    }

    /** Marathon's documentation writes it as a text, and its schema as a flag. */
    private static boolean shared(Fields external) {
        JsonNode written = external.node().path("shared");
        if (written.isTextual() && List.of("true", "false").contains(written.textValue())) {
            return written.textValue().equals("true");
        }
        return external.flag("shared", false);
    }

    /** In Marathon those who share a volume are on their own; here all of them read, or its storage has to take many writers. */
    private static AccessMode together(MountMode mode) {
        return mode == MountMode.READ_ONLY ? AccessMode.MANY_READERS : AccessMode.MANY_WRITERS;
    }

    private static VolumeFields where(Fields external) {
        String size = external.has("size") ? "size" : "options/dvdi/size";
        return new VolumeFields(external.at("name"), external.at("options/dvdi/driver"), external.at(size));
    }

    /** One volume named twice is one volume, unless a container path makes it two requests. */
    private static List<DraftVolume> merged(List<DraftVolume> drafts, Fields app) {
        Map<String, DraftVolume> byKey = new LinkedHashMap<>();
        for (DraftVolume draft : drafts) {
            DraftVolume first = byKey.putIfAbsent(draft.name().key(), draft);
            boolean same = first == null
                    || (first.driver().equals(draft.driver())
                            && draft.containerPath().isEmpty());
            if (!same) {
                app.error(
                        "volumes",
                        "Requested DVDI volume '" + draft.name() + "' is declared more than once within app",
                        "each volume once");
            }
        }
        return new ArrayList<>(byKey.values());
    }

    /** Two volumes at one path would hide each other. */
    private static void checkApart(List<DraftVolume> volumes, Fields app) {
        Map<String, DraftVolume> byPath = new LinkedHashMap<>();
        for (DraftVolume volume : volumes) {
            if (volume.containerPath().isEmpty()) {
                continue;
            }
            String path = volume.containerPath().get();
            String plain = (path.startsWith("/") ? "/" : "") + String.join("/", segments(path));
            DraftVolume other = byPath.putIfAbsent(plain, volume);
            if (other != null) {
                app.error(
                        "volumes",
                        "'" + other.name() + "' and '" + volume.name() + "' are both at " + path,
                        "a path for each");
            }
        }
    }

    /** The labels {@code mooring/<volume>/<key>}, by volume. */
    private static Map<String, Map<String, String>> policies(
            Fields app, Map<String, String> labels, List<DraftVolume> volumes) {
        Map<String, Map<String, String>> policies = new TreeMap<>();
        labels.forEach((label, value) -> {
            if (!label.startsWith(LABEL)) {
                return;
            }
            int slash = label.lastIndexOf('/');
            String volume = slash <= LABEL.length() ? "" : label.substring(LABEL.length(), slash);
            boolean known = volumes.stream()
                    .anyMatch(draft -> draft.name().key().equals(volume.toLowerCase(java.util.Locale.ROOT)));
            if (!known) {
                app.error(
                        "labels/" + label,
                        volume.isEmpty()
                                ? "names no volume"
                                : "names the volume '" + volume + "', which the app does not have",
                        "mooring/<volume>/<key> for a volume of this app");
                return;
            }
            policies.computeIfAbsent(volume.toLowerCase(java.util.Locale.ROOT), v -> new TreeMap<>())
                    .put(label.substring(slash + 1), value);
        });
        return policies;
    }

    private static VolumeSpec policed(DraftVolume draft, Map<String, String> policy, Fields app) {
        String prefix = "labels/" + LABEL + draft.name() + "/";
        policy.keySet().stream()
                .filter(key -> !POLICIES.contains(key))
                .forEach(key -> app.error(prefix + key, "is not known", "one of " + String.join(", ", POLICIES)));
        AccessMode access = label(policy, "access", AccessMode::of, draft.access(), app, prefix);
        if (access == AccessMode.SINGLE_WRITER && draft.access() != access) {
            app.error(prefix + "access", "is single-writer, and the volume is 'shared'", "one of the two left out");
        }
        return draft.with(
                access,
                label(policy, "create", CreatePolicy::of, draft.create(), app, prefix),
                label(policy, "takeover", TakeoverPolicy::of, TakeoverPolicy.EVIDENCE, app, prefix),
                label(policy, "reclaim", ReclaimPolicy::of, ReclaimPolicy.RETAIN, app, prefix),
                root(draft, policy, app, prefix));
    }

    private static RootAccess root(DraftVolume draft, Map<String, String> policy, Fields app, String prefix) {
        RootAccess root = new RootAccess(
                number(policy, "uid", RootAccess::id, app, prefix),
                number(policy, "gid", RootAccess::id, app, prefix),
                number(policy, "mode", RootAccess::mode, app, prefix));
        if (root.said() && draft.mode() == MountMode.READ_ONLY) {
            app.error(
                    prefix + "uid",
                    "(or gid, or mode) is set, and the volume is mounted read-only",
                    "these labels at the app that writes to it");
            return RootAccess.AS_IT_IS;
        }
        return root;
    }

    private static Optional<Integer> number(
            Map<String, String> policy, String key, Function<String, Integer> of, Fields app, String prefix) {
        try {
            return Optional.ofNullable(policy.get(key)).map(of);
        } catch (IllegalArgumentException e) {
            app.error(prefix + key, e.getMessage(), "such as " + (key.equals("mode") ? "0770" : "1000"));
            return Optional.empty();
        }
    }

    private static <E> E label(
            Map<String, String> policy, String key, Function<String, E> of, E otherwise, Fields app, String prefix) {
        String word = policy.get(key);
        if (word == null) {
            return otherwise;
        }
        try {
            return of.apply(word);
        } catch (IllegalArgumentException e) {
            app.error(prefix + key, e.getMessage(), "one of those");
            return otherwise;
        }
    }

    private static <E> E word(Fields fields, String field, String standard, Function<String, E> of, E otherwise) {
        try {
            return of.apply(fields.text(field).orElse(standard));
        } catch (IllegalArgumentException e) {
            fields.error(field, e.getMessage(), "one of those");
            return otherwise;
        }
    }

    /** A name in an app, where each instance may have its own. */
    static Optional<DraftName> draftName(String written, Fields fields, String field) {
        try {
            return Optional.of(DraftName.of(written));
        } catch (IllegalArgumentException e) {
            fields.error(field, e.getMessage(), "such as orders-db, or orders-db-{index} for one for each instance");
            return Optional.empty();
        }
    }

    static Optional<VolumeName> name(String written, Fields fields, String field) {
        try {
            return Optional.of(new VolumeName(written));
        } catch (IllegalArgumentException e) {
            fields.error(field, e.getMessage(), "such as orders-db");
            return Optional.empty();
        }
    }

    static Optional<DriverName> driver(String written, Fields fields, String field) {
        try {
            return Optional.of(new DriverName(written));
        } catch (IllegalArgumentException e) {
            fields.error(field, e.getMessage(), "the base name of the plugin's socket, such as rexray");
            return Optional.empty();
        }
    }

    static Map<String, String> options(Map<String, String> written, Fields fields, UnaryOperator<String> field) {
        return VolumeOptions.check(written, (key, problem) -> {
            int line = problem.indexOf('\n');
            fields.error(
                    field.apply(key), "option " + key + " " + problem.substring(0, line), problem.substring(line + 1));
        });
    }

    static void checkPath(String path, Fields fields, String field, Relative relative) {
        boolean absolute = path.startsWith("/");
        List<String> segments = segments(path);
        boolean vital =
                absolute && !segments.isEmpty() && List.of("proc", "sys", "dev").contains(segments.get(0));
        if (segments.isEmpty()
                || vital
                || segments.contains("..")
                || path.chars().anyMatch(c -> c < ' ')) {
            fields.error(
                    field,
                    "is '" + path.replaceAll("[^ -~]", "?") + "'",
                    "a path without '..' that is not the root, and not in /proc, /sys or /dev");
        } else if (!absolute && relative == Relative.REFUSED) {
            fields.error(field, "is the relative path '" + path + "'", "an absolute path");
        }
    }

    /** A path's names, whatever slashes and dots are between them. */
    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.isEmpty() && !segment.equals("."))
                .toList();
    }
}
