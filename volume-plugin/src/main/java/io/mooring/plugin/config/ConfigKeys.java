package io.mooring.plugin.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys that mean something, in the names of today; the names of older REX-Rays with what they are called now; and
 * the keys of REX-Ray that are known to have no effect here. All lower-cased.
 */
final class ConfigKeys {
    static final String SERVICE = "libstorage.service";
    static final String FILE_MODE = "linux.volume.filemode";

    private static final String OPERATIONS = "libstorage.integration.volume.operations.";
    static final String MOUNT_PATH = OPERATIONS + "mount.path";
    static final String ROOT_PATH = OPERATIONS + "mount.rootpath";
    static final String PREEMPT = OPERATIONS + "mount.preempt";
    static final String RETRY_COUNT = OPERATIONS + "mount.retrycount";
    static final String RETRY_WAIT = OPERATIONS + "mount.retrywait";
    static final String IGNORE_USED_COUNT = OPERATIONS + "unmount.ignoreusedcount";
    static final String CREATE_DISABLE = OPERATIONS + "create.disable";
    static final String CREATE_IMPLICIT = OPERATIONS + "create.implicit";
    static final String DEFAULT_SIZE = OPERATIONS + "create.default.size";
    static final String DEFAULT_FS = OPERATIONS + "create.default.fstype";
    static final String DEFAULT_TYPE = OPERATIONS + "create.default.type";
    static final String DEFAULT_IOPS = OPERATIONS + "create.default.iops";
    static final String DEFAULT_ZONE = OPERATIONS + "create.default.availabilityzone";
    static final String REMOVE_DISABLE = OPERATIONS + "remove.disable";

    static final List<String> EFFECTIVE = List.of(
            SERVICE,
            FILE_MODE,
            MOUNT_PATH,
            ROOT_PATH,
            PREEMPT,
            RETRY_COUNT,
            RETRY_WAIT,
            IGNORE_USED_COUNT,
            CREATE_DISABLE,
            CREATE_IMPLICIT,
            DEFAULT_SIZE,
            DEFAULT_FS,
            DEFAULT_TYPE,
            DEFAULT_IOPS,
            DEFAULT_ZONE,
            REMOVE_DISABLE);

    /** Keys of a driver's own section. */
    static final List<String> OF_DRIVER = List.of("pool", "host", "bootid", "availabilityzone", "overcommit");

    private static final Map<String, String> LEGACY = legacy();

    private static final Map<String, String> WITHOUT_EFFECT = new TreeMap<>(Map.ofEntries(
            Map.entry(OPERATIONS + "path.cache.", "answers about paths are always exact"),
            Map.entry("rexray.volume.path.disablecache", "answers about paths are always exact"),
            Map.entry("volume.path.cache", "answers about paths are always exact"),
            Map.entry(OPERATIONS + "remove.force", "a volume in use is never removed"),
            Map.entry("libstorage.host", "the driver is built in"),
            Map.entry("libstorage.embedded", "the driver is built in"),
            Map.entry("libstorage.client.", "the driver is built in"),
            Map.entry("libstorage.server.", "the driver is built in"),
            Map.entry("libstorage.http.", "the driver is built in"),
            Map.entry("libstorage.tls.", "the driver is built in"),
            Map.entry("libstorage.device.", "devices do not have to be waited for"),
            Map.entry("libstorage.logging.", "the log level is an option of the launcher"),
            Map.entry("rexray.loglevel", "the log level is an option of the launcher"),
            Map.entry("rexray.osdrivers", "there is only linux"),
            Map.entry("rexray.volumedrivers", "there is only docker"),
            Map.entry("rexray.modules.", "there is one module, named like the driver")));

    private ConfigKeys() {}

    /** What an older name is called now. */
    static Optional<String> replacement(String key) {
        return Optional.ofNullable(LEGACY.get(key));
    }

    /** Why a key of REX-Ray has no effect here, if it is one. */
    static Optional<String> withoutEffect(String key) {
        return WITHOUT_EFFECT.entrySet().stream()
                .filter(known ->
                        known.getKey().endsWith(".") ? key.startsWith(known.getKey()) : key.equals(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The variable that overrides a key: upper case, dots become underscores. */
    static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static Map<String, String> legacy() {
        Map<String, String> names = new TreeMap<>();
        for (String prefix : List.of("volume.", "rexray.volume.")) {
            names.put(prefix + "mount.preempt", PREEMPT);
            names.put(prefix + "create.disable", CREATE_DISABLE);
            names.put(prefix + "remove.disable", REMOVE_DISABLE);
            names.put(prefix + "unmount.ignoreusedcount", IGNORE_USED_COUNT);
        }
        names.put("docker.fstype", DEFAULT_FS);
        names.put("docker.volumetype", DEFAULT_TYPE);
        names.put("docker.iops", DEFAULT_IOPS);
        names.put("docker.size", DEFAULT_SIZE);
        names.put("docker.availabilityzone", DEFAULT_ZONE);
        names.put("docker.mountdirpath", MOUNT_PATH);
        names.put("linux.volume.rootpath", ROOT_PATH);
        names.put("rexray.storagedrivers", SERVICE);
        return names;
    }
}
