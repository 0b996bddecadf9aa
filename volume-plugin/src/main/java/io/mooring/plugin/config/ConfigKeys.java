package io.mooring.plugin.config;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    static final String UNUSED_AFTER = OPERATIONS + "unmount.unusedafter";
    static final String CREATE_DISABLE = OPERATIONS + "create.disable";
    static final String CREATE_IMPLICIT = OPERATIONS + "create.implicit";
    static final String DEFAULT_SIZE = OPERATIONS + "create.default.size";
    static final String DEFAULT_FS = OPERATIONS + "create.default.fstype";
    static final String DEFAULT_TYPE = OPERATIONS + "create.default.type";
    static final String DEFAULT_IOPS = OPERATIONS + "create.default.iops";
    static final String DEFAULT_ZONE = OPERATIONS + "create.default.availabilityzone";
    static final String REMOVE_DISABLE = OPERATIONS + "remove.disable";

    /** What each key does. */
    static final Map<String, String> EFFECTIVE = Collections.unmodifiableMap(new TreeMap<>(Map.ofEntries(
            Map.entry(SERVICE, "the storage driver, or the name of a service below libstorage.server.services"),
            Map.entry(
                    FILE_MODE,
                    "mode of the directory that callers get, when it is made; what a workload makes of it stays"),
            Map.entry(MOUNT_PATH, "directory that volumes are mounted in"),
            Map.entry(ROOT_PATH, "directory of a volume that callers get; empty for its root"),
            Map.entry(PREEMPT, "takes a volume from a host that holds it for a Docker caller, never from a claim"),
            Map.entry(RETRY_COUNT, "how often a mount that failed is tried again"),
            Map.entry(RETRY_WAIT, "pause before each of these"),
            Map.entry(IGNORE_USED_COUNT, "the first unmount unmounts, whoever else uses the volume"),
            Map.entry(
                    UNUSED_AFTER,
                    "ends an engine's uses of a volume that no container has had for so long, 0 for never; Mooring's own"
                            + " key"),
            Map.entry(CREATE_DISABLE, "a create answers success and makes nothing"),
            Map.entry(CREATE_IMPLICIT, "a mount makes a volume that does not exist"),
            Map.entry(DEFAULT_SIZE, "GB of a volume that states no size"),
            Map.entry(DEFAULT_FS, "file system of a volume that states none"),
            Map.entry(DEFAULT_TYPE, "type of a volume that states none"),
            Map.entry(DEFAULT_IOPS, "IOPS of a volume that states none"),
            Map.entry(DEFAULT_ZONE, "zone of a volume that states none"),
            Map.entry(REMOVE_DISABLE, "a remove answers success and removes nothing"))));

    /** Keys of a driver's own section, with what each does. */
    static final Map<String, String> OF_DRIVER = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "pool", "directory that the volumes lie in",
            "host", "name of this host in the records of the pool",
            "bootid", "boot of this host",
            "availabilityzone", "zone of this host",
            "overcommit", "whether volumes may be promised more than the pool has")));

    /** Further keys of a driver for a storage platform, with what each does; REX-Ray's own. */
    static final Map<String, Map<String, String>> OF_PLATFORM = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "virtualbox",
            new TreeMap<>(Map.of(
                    "endpoint", "URL of vboxwebsrv, such as http://10.0.2.2:18083",
                    "username", "who logs in to it",
                    "password", "and with what",
                    "volumepath", "directory on VirtualBox's own machine where disks are made",
                    "controllername", "controller of this machine that disks are attached to",
                    "localmachinenameorid", "name or id of this virtual machine; its host name if it is not given",
                    "tls", "whether the endpoint is spoken to by TLS; an https endpoint is",
                    "diskidpath", "directory where this machine shows its disks by id",
                    "scsihostpath", "directory of this machine's controllers")),
            "scaleio",
            new TreeMap<>(Map.ofEntries(
                    Map.entry("endpoint", "URL of the gateway's API, such as https://gateway/api"),
                    Map.entry("insecure", "whether its certificate is believed whatever it is"),
                    Map.entry("username", "who logs in to it"),
                    Map.entry("password", "and with what"),
                    Map.entry("systemid", "the system, if there are several"),
                    Map.entry("systemname", "the same by name"),
                    Map.entry("protectiondomainid", "the protection domain, if there are several"),
                    Map.entry("protectiondomainname", "the same by name"),
                    Map.entry("storagepoolid", "the storage pool, if there are several"),
                    Map.entry("storagepoolname", "the same by name"),
                    Map.entry("thinorthick", "ThinProvisioned or ThickProvisioned"),
                    Map.entry("version", "version of the API; asked for if it is not given"),
                    Map.entry("guid", "of this machine's data client; asked from drvCfg if it is not given"),
                    Map.entry("drvcfg", "the data client's own program"),
                    Map.entry("diskidpath", "directory where this machine shows its disks by id"))))));

    /** What a driver's own section may have: keys of every driver, and those of its platform. */
    static Map<String, String> ofDriver(String driver) {
        Map<String, String> keys = new TreeMap<>(OF_DRIVER);
        keys.putAll(OF_PLATFORM.getOrDefault(driver, Map.of()));
        return keys;
    }

    /** Keys of a module, with what each does. */
    static final Map<String, String> OF_MODULE = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "type", "docker is served; csi and admin are not",
            "host", "unix:///PATH of its socket, or tcp://127.0.0.1:PORT",
            "spec", "file that tells Docker a tcp address",
            "desc", "a text for people",
            "disabled", "whether it is left out")));

    private static final Map<String, String> LEGACY = legacy();

    private static final Map<String, String> WITHOUT_EFFECT = new TreeMap<>(Map.ofEntries(
            Map.entry(OPERATIONS + "path.cache.", "answers about paths are always exact"),
            Map.entry("rexray.volume.path.disablecache", "answers about paths are always exact"),
            Map.entry("volume.path.cache", "answers about paths are always exact"),
            Map.entry(OPERATIONS + "remove.force", "a volume in use is never removed"),
            Map.entry("libstorage.host", "the driver is built in"),
            Map.entry("libstorage.embedded", "the driver is built in"),
            Map.entry("libstorage.client.", "the driver is built in"),
            Map.entry("libstorage.server.endpoints.", "the driver is built in"),
            Map.entry("libstorage.server.tasks.", "the driver is built in"),
            Map.entry("libstorage.server.parserequestopts", "the driver is built in"),
            Map.entry("libstorage.http.", "the driver is built in"),
            Map.entry("libstorage.tls.", "the driver is built in"),
            Map.entry("libstorage.device.", "devices do not have to be waited for"),
            Map.entry("libstorage.logging.", "the log level is an option of the launcher"),
            Map.entry(
                    "scaleio.usecerts",
                    "a certificate is checked by the authorities of this Java, unless insecure is true"),
            Map.entry("scaleio.userid", "userName says who logs in"),
            Map.entry("rexray.loglevel", "the log level is an option of the launcher"),
            Map.entry("rexray.osdrivers", "there is only linux"),
            Map.entry("rexray.volumedrivers", "there is only docker")));

    private ConfigKeys() {}

    /** What an older name is called now. */
    static Optional<String> replacement(String key) {
        return Optional.ofNullable(LEGACY.get(key));
    }

    /** All older names. */
    static Set<String> older() {
        return LEGACY.keySet();
    }

    /** Why a key of REX-Ray has no effect here, if it is one. */
    static Optional<String> withoutEffect(String key) {
        return WITHOUT_EFFECT.entrySet().stream()
                .filter(known ->
                        known.getKey().endsWith(".") ? key.startsWith(known.getKey()) : key.equals(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The option that overrides a key, without its dashes and in lower case: REX-Ray's has capitals for dots. */
    static String flagName(String key) {
        return key.replace(".", "");
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
        names.put("rexray.fstype", DEFAULT_FS); // as a variable, of REX-Ray's managed plugins
        names.put("rexray.preempt", PREEMPT);
        return names;
    }
}
