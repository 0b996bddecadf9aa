package io.mooring.plugin.config;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.service.CatalogPolicy;
import io.mooring.plugin.service.CatalogPolicy.Switch;
import io.mooring.plugin.service.MountPolicy;
import io.mooring.plugin.volume.CreateDefaults;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Preempt;
import io.mooring.plugin.volume.UsedCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the configuration from its sources. Defaults are REX-Ray's; the
 * identity of the host comes from the system where it is not given.
 */
public final class ConfigReader {
    private static final String LIB = "/var/lib/mooring";
    private static final PosixFilePermission[] MODE_BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    private ConfigReader() {}

    /**
     * Reads every module that is to be served.
     *
     * @param pluginDirectory where a module without an address of its own has its socket
     * @throws ConfigException when a value cannot be used
     */
    public static List<ModuleConfig> read(Sources sources, Path pluginDirectory) throws ConfigException {
        KeySorter sorter = new KeySorter(sources);
        List<Modules.Part> parts = new Modules(sorter, pluginDirectory).parts();
        sorter.requireKnownFlags();
        List<ModuleConfig> modules = new ArrayList<>();
        for (Modules.Part part : parts) {
            modules.add(new ModuleConfig(
                    part.name(),
                    part.service(),
                    part.endpoint(),
                    config(part.settings(), part.driver(), sorter.notes())));
        }
        return modules;
    }

    private static PluginConfig config(Settings settings, String driver, List<ConfigNote> notes)
            throws ConfigException {
        return new PluginConfig(
                driver,
                settings.absolutePath(driver + ".pool", LIB + "/pools/" + driver),
                host(settings, driver),
                settings.text(driver + ".availabilityzone", ""),
                settings.absolutePath(ConfigKeys.MOUNT_PATH, "/var/lib/rexray/volumes"),
                new VolumeRoot(rootPath(settings), fileMode(settings)),
                mounting(settings),
                catalog(settings, driver),
                settings.below(driver + "."),
                notes);
    }

    private static HostIdentity host(Settings settings, String driver) throws ConfigException {
        String hostKey = driver + ".host";
        String bootKey = driver + ".bootid";
        String host = settings.text(hostKey, "");
        String boot = settings.text(bootKey, "");
        try {
            return new HostIdentity(
                    new MachineKey(host.isEmpty() ? ofSystem("/etc/machine-id", hostKey) : host),
                    new BootId(boot.isEmpty() ? ofSystem("/proc/sys/kernel/random/boot_id", bootKey) : boot));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(hostKey + " or " + bootKey + ": " + e.getMessage(), e);
        }
    }

    private static String ofSystem(String file, String key) throws ConfigException {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new ConfigException(key + " is not given and " + file + " cannot be read; set " + key, e);
        }
    }

    private static MountPolicy mounting(Settings settings) throws ConfigException {
        Duration retryWait = settings.duration(ConfigKeys.RETRY_WAIT, "5s");
        return new MountPolicy(
                settings.truth(ConfigKeys.PREEMPT, false) ? Preempt.ON : Preempt.OFF,
                settings.truth(ConfigKeys.IGNORE_USED_COUNT, false) ? UsedCount.IGNORED : UsedCount.HONOURED,
                settings.number(ConfigKeys.RETRY_COUNT, 0, 0, 1000),
                retryWait,
                settings.duration(ConfigKeys.UNUSED_AFTER, "5m"));
    }

    private static CatalogPolicy catalog(Settings settings, String driver) throws ConfigException {
        FsType fsType = FsType.named(settings.text(ConfigKeys.DEFAULT_FS, "ext4"))
                .orElseThrow(() -> settings.bad(ConfigKeys.DEFAULT_FS, "one of " + String.join(", ", FsType.labels())));
        CreateDefaults defaults = new CreateDefaults(
                settings.number(ConfigKeys.DEFAULT_SIZE, 16, 1, 1_000_000),
                fsType,
                settings.text(ConfigKeys.DEFAULT_TYPE, ""),
                settings.number(ConfigKeys.DEFAULT_IOPS, 0, 0, Integer.MAX_VALUE),
                settings.text(ConfigKeys.DEFAULT_ZONE, ""));
        return new CatalogPolicy(
                settings.truth(ConfigKeys.CREATE_DISABLE, false) ? Switch.OFF : Switch.ON,
                settings.truth(ConfigKeys.CREATE_IMPLICIT, true) ? Switch.ON : Switch.OFF,
                settings.truth(ConfigKeys.REMOVE_DISABLE, false) ? Switch.OFF : Switch.ON,
                settings.truth(driver + ".overcommit", false) ? Switch.ON : Switch.OFF,
                defaults);
    }

    private static Path rootPath(Settings settings) throws ConfigException {
        String text = settings.textOrEmpty(ConfigKeys.ROOT_PATH, "/data");
        Path path = Path.of("/" + text);
        for (Path element : path) {
            if (List.of(".", "..").contains(element.toString())) {
                throw settings.bad(ConfigKeys.ROOT_PATH, "a path inside the volume, without . and ..");
            }
        }
        return Path.of("/").relativize(path);
    }

    private static Set<PosixFilePermission> fileMode(Settings settings) throws ConfigException {
        String text = settings.text(ConfigKeys.FILE_MODE, "0700").toLowerCase(Locale.ROOT);
        if (!text.matches("0?[0-7]{3}")) {
            throw settings.bad(ConfigKeys.FILE_MODE, "octal digits such as 0700");
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < MODE_BITS.length; bit++) {
            if ((bits >> bit & 1) == 1) {
                mode.add(MODE_BITS[bit]);
            }
        }
        return mode;
    }
}
