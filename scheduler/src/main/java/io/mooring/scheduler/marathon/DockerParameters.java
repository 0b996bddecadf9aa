package io.mooring.scheduler.marathon;

import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code parameters} of a Docker app: options of {@code docker run}. The volumes among them are claimed and not passed
 * on; what would get at a volume, a disk or another task in any other way is refused.
 */
record DockerParameters(List<DraftVolume> volumes, List<DockerParameter> passedOn) {
    static final DockerParameters NONE = new DockerParameters(List.of(), List.of());

    private static final String DRIVER = "volume-driver";
    private static final String VOLUME = "volume";
    private static final String MOUNT = "mount";

    /** Why some options are not on the allow list, in the words of a refusal. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry(
                    "privileged", "could use any volume of its agent without a claim; say container.docker.privileged"),
            Map.entry("volumes-from", "would share volumes of another task without a claim"),
            Map.entry("device", "would reach a disk of the agent without a claim"),
            Map.entry("device-cgroup-rule", "would reach disks of the agent without a claim"),
            Map.entry("security-opt", "could lift what keeps a container from its agent's disks"),
            Map.entry("pid", "would reach other processes of the agent, and through them their volumes"),
            Map.entry("ipc", "would reach other processes of the agent"),
            Map.entry("userns", "could lift what keeps a container from its agent's disks"),
            Map.entry("cgroup-parent", "would take the container out of its task's limits"),
            Map.entry("restart", "would start the container again when its task is over"),
            Map.entry("rm", "is Mooring's to do, after the volumes are released"),
            Map.entry("detach", "is Mooring's to do"),
            Map.entry("name", "is Mooring's to give: it carries the claim"),
            Map.entry("memory", "is the app's mem"),
            Map.entry("memory-swap", "is derived from the app's mem"),
            Map.entry("cpus", "is the app's cpus"),
            Map.entry("cpu-shares", "is derived from the app's cpus"),
            Map.entry("publish", "is said by portMappings"),
            Map.entry("net", "is said by docker.network"),
            Map.entry("network", "is said by docker.network"));

    private static final Map<String, String> SHORT = Map.of(
            "v",
            VOLUME,
            "e",
            "env",
            "h",
            "hostname",
            "l",
            "label",
            "u",
            "user",
            "w",
            "workdir",
            "m",
            "memory",
            "p",
            "publish");
    private static final Set<String> MODES = Set.of("ro", "rw");

    static DockerParameters read(Fields docker, ContainerPolicy policy) {
        List<Fields> written = docker.objects("parameters");
        Optional<DriverName> driver = driver(written);
        List<DraftVolume> volumes = new ArrayList<>();
        List<DockerParameter> passedOn = new ArrayList<>();
        for (Fields parameter : written) {
            parameter.only("key", "value");
            String key =
                    parameter.text("key").map(k -> SHORT.getOrDefault(k, k)).orElse("");
            String value = parameter.text("value").orElse("");
            if (key.equals(VOLUME) && !value.startsWith("/")) {
                volume(parameter, value, driver).ifPresent(volumes::add);
            } else if (key.equals(MOUNT)) {
                MountParameter.read(parameter, value, driver).ifPresent(volumes::add);
            } else if (!key.equals(DRIVER)) {
                option(parameter, key, value, policy).ifPresent(passedOn::add);
            }
        }
        return new DockerParameters(List.copyOf(volumes), List.copyOf(passedOn));
    }

    private static Optional<DriverName> driver(List<Fields> written) {
        Optional<DriverName> driver = Optional.empty();
        for (Fields parameter : written) {
            if (!parameter.text("key").equals(Optional.of(DRIVER))) {
                continue;
            }
            String value = parameter.text("value").orElse("");
            if (driver.isPresent()) {
                parameter.error(
                        "key",
                        "is a second volume-driver, and the engine would take one of them",
                        "one for all volumes");
            } else if (value.equals("local")) {
                parameter.error("value", "is local, which keeps data on the agent's own disk", "a volume plugin");
            } else {
                driver = Volumes.driver(value, parameter, "value");
            }
        }
        return driver;
    }

    private static Optional<DraftVolume> volume(Fields parameter, String value, Optional<DriverName> driver) {
        String[] parts = value.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            parameter.error(
                    "value",
                    "is '" + printable(value) + "'; without a name it would be a volume on the agent's own disk",
                    "name:/path, or name:/path:ro");
            return Optional.empty();
        }
        if (driver.isEmpty()) {
            parameter.error(
                    "value",
                    "names a volume, and no parameter volume-driver says which plugin has it",
                    "volume-driver, such as rexray");
            return Optional.empty();
        }
        String mode = parts.length == 3 ? parts[2] : "rw";
        if (!MODES.contains(mode)) {
            parameter.error("value", "has the mode '" + printable(mode) + "'", "ro or rw");
        }
        Volumes.checkPath(parts[1], parameter, "value", Volumes.Relative.REFUSED);
        if (!parts[1].startsWith("/")) {
            return Optional.empty();
        }
        String at = parameter.at("value");
        return Volumes.draftName(parts[0], parameter, "value")
                .map(name -> new DraftVolume(
                        driver.get(),
                        name,
                        Map.of(),
                        Optional.of(parts[1]),
                        mode.equals("ro") ? MountMode.READ_ONLY : MountMode.READ_WRITE,
                        CreatePolicy.IF_MISSING,
                        new VolumeFields(at, at, at)));
    }

    private static Optional<DockerParameter> option(
            Fields parameter, String key, String value, ContainerPolicy policy) {
        Optional<DockerOption> option = DockerOption.of(key);
        if (option.isEmpty()) {
            parameter.error(
                    "key",
                    "is '" + printable(key) + "', which " + REASONS.getOrDefault(key, "is not passed on to the engine"),
                    "one of volume-driver, " + DockerOption.keys());
            return Optional.empty();
        }
        if (!option.get().takes(value)) {
            parameter.error(
                    "value", "is '" + printable(value) + "'", option.get().expected());
            return Optional.empty();
        }
        if (option.get() == DockerOption.VOLUME && !policy.allows(value.split(":")[0])) {
            parameter.error(
                    "value",
                    "binds the agent's " + printable(value.split(":")[0]) + ", which belongs to no claim",
                    policy.hostBinds().isEmpty()
                            ? "a volume of a plugin; the scheduler's configuration allows no directories of agents"
                            : "below one of " + String.join(", ", policy.hostBinds()));
            return Optional.empty();
        }
        return Optional.of(new DockerParameter(option.get(), value));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
