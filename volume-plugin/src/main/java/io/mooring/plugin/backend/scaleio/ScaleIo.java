package io.mooring.plugin.backend.scaleio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.platform.Platform;
import io.mooring.plugin.backend.platform.PlatformVolume;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * ScaleIO as a storage platform: a volume of a storage pool, mapped to this machine's data client (SDC) and shown by it as a
 * block device. Sizes are multiples of 8 GB there, and are rounded up to one.
 */
public final class ScaleIo implements Platform {
    /** Name of the driver. */
    public static final String DRIVER = "scaleio";

    private static final long KB = 1024;
    /** Longer names are refused by ScaleIO. */
    private static final int LONGEST_NAME = 31;

    private final Settings settings;
    private final Gateway gateway;
    private final Commands commands;
    private String poolId = "";
    private String domainId = "";
    private String systemId = "";
    private String sdc = "";

    /**
     * How to reach it. Of each pair of id and name one is enough.
     *
     * @param endpoint URL of the gateway's API
     * @param thin {@code ThinProvisioned} or {@code ThickProvisioned}
     * @param guid of this machine's data client; asked from {@code drvCfg} when empty
     * @param drvCfg the data client's own program
     * @param diskIds directory where this machine shows its disks by id
     */
    public record Settings(
            URI endpoint,
            String userName,
            String password,
            String version,
            boolean insecure,
            String system,
            String protectionDomain,
            String storagePool,
            String thin,
            String guid,
            Path drvCfg,
            Path diskIds) {}

    public ScaleIo(Settings settings, Commands commands) {
        this.settings = settings;
        this.commands = commands;
        this.gateway = new Gateway(
                settings.endpoint(),
                settings.userName(),
                settings.password(),
                settings.version(),
                settings.insecure() ? Gateway.Trust.ANY : Gateway.Trust.VERIFIED);
    }

    @Override
    public String driver() {
        return DRIVER;
    }

    @Override
    public void start() throws VolumeException {
        systemId = one("types/System/instances", settings.system(), "system")
                .path("id")
                .asText();
        domainId = one(
                        "instances/System::" + systemId + "/relationships/ProtectionDomain",
                        settings.protectionDomain(),
                        "protection domain")
                .path("id")
                .asText();
        poolId = one(
                        "instances/ProtectionDomain::" + domainId + "/relationships/StoragePool",
                        settings.storagePool(),
                        "storage pool")
                .path("id")
                .asText();
        sdc = dataClient(guid());
    }

    /** The instance with this id or name; any when none is said and there is only one. */
    private JsonNode one(String path, String wanted, String what) throws VolumeException {
        List<JsonNode> fitting = new ArrayList<>();
        gateway.get(path).forEach(each -> {
            if (wanted.isEmpty()
                    || each.path("id").asText().equals(wanted)
                    || each.path("name").asText().equals(wanted)) {
                fitting.add(each);
            }
        });
        if (fitting.size() != 1) {
            throw new VolumeException("ScaleIO has " + fitting.size() + " " + what + "s "
                    + (wanted.isEmpty() ? "" : "of id or name '" + wanted + "'") + "; set the one that is meant");
        }
        return fitting.get(0);
    }

    private String guid() throws VolumeException {
        if (!settings.guid().isEmpty()) {
            return settings.guid();
        }
        try {
            CommandResult result =
                    commands.run(Duration.ofSeconds(30), settings.drvCfg().toString(), "--query_guid");
            if (result.succeeded()) {
                return result.stdout().strip();
            }
            throw new VolumeException("cannot ask for the guid of this machine's data client: " + result.complaint());
        } catch (CommandException e) {
            throw new VolumeException(
                    "this machine has no ScaleIO data client: " + e.getMessage() + "; install it, or set scaleio.guid",
                    e);
        }
    }

    private String dataClient(String guid) throws VolumeException {
        for (JsonNode each : gateway.get("instances/System::" + systemId + "/relationships/Sdc")) {
            if (each.path("sdcGuid").asText().equalsIgnoreCase(guid)) {
                return each.path("id").asText();
            }
        }
        throw new VolumeException("ScaleIO knows no data client with guid " + guid);
    }

    @Override
    public String here() {
        return sdc;
    }

    @Override
    public Optional<PlatformVolume> named(VolumeName name) throws VolumeException {
        for (JsonNode each : gateway.get("types/Volume/instances")) {
            if (each.path("name").asText().equalsIgnoreCase(name.value())) {
                return Optional.of(volume(each));
            }
        }
        return Optional.empty();
    }

    @Override
    public PlatformVolume get(String id) throws VolumeException {
        return volume(gateway.get("instances/Volume::" + id));
    }

    private static PlatformVolume volume(JsonNode node) {
        List<String> mapped = new ArrayList<>();
        node.path("mappedSdcInfo").forEach(each -> mapped.add(each.path("sdcId").asText()));
        return new PlatformVolume(
                node.path("id").asText(), node.path("sizeInKb").asLong() * KB, mapped);
    }

    @Override
    public String create(VolumeName name, long bytes) throws VolumeException {
        requireShort(name);
        ObjectNode wanted = gateway.object()
                .put("name", name.value())
                .put("protectionDomainId", domainId)
                .put("storagePoolId", poolId)
                .put("volumeType", settings.thin())
                .put("volumeSizeInKb", Long.toString(bytes / KB));
        return gateway.post("types/Volume/instances", wanted).path("id").asText();
    }

    private static void requireShort(VolumeName name) throws VolumeException {
        if (name.value().length() > LONGEST_NAME) {
            throw new VolumeException("volume name " + name + " is longer than the " + LONGEST_NAME
                    + " letters that ScaleIO allows; choose a shorter one");
        }
    }

    @Override
    public void remove(String id) throws VolumeException {
        gateway.post(
                "instances/Volume::" + id + "/action/removeVolume",
                gateway.object().put("removeMode", "ONLY_ME"));
    }

    @Override
    public void attach(String id) throws VolumeException {
        gateway.post(
                "instances/Volume::" + id + "/action/addMappedSdc",
                gateway.object().put("sdcId", sdc).put("allowMultipleMappings", "false"));
    }

    @Override
    public void detach(String id) throws VolumeException {
        gateway.post(
                "instances/Volume::" + id + "/action/removeMappedSdc",
                gateway.object().put("sdcId", sdc).put("ignoreScsiInitiators", "true"));
    }

    /** The data client's devices are named after the storage cluster and the volume. */
    @Override
    public Optional<Path> device(String id) throws VolumeException {
        if (!Files.isDirectory(settings.diskIds())) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> disks = Files.newDirectoryStream(settings.diskIds(), "emc-vol-*")) {
            for (Path disk : disks) {
                String name = disk.getFileName().toString().toLowerCase(Locale.ROOT);
                if (name.endsWith("-" + id.toLowerCase(Locale.ROOT))) {
                    return Optional.of(disk);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new VolumeException("cannot look for disks in " + settings.diskIds() + ": " + e.getMessage(), e);
        }
    }

    /** A snapshot of ScaleIO is a volume like any other, which can be written and mapped. */
    @Override
    public String copy(String id) throws VolumeException {
        ObjectNode wanted = gateway.object();
        wanted.putArray("snapshotDefs")
                .addObject()
                .put("volumeId", id)
                .put("snapshotName", "m-" + UUID.randomUUID().toString().substring(0, 18));
        JsonNode made = gateway.post("instances/System::" + systemId + "/action/snapshotVolumes", wanted);
        return made.path("volumeIdList").path(0).asText();
    }

    @Override
    public void adapt(String id, VolumeName name, long bytes) throws VolumeException {
        requireShort(name);
        gateway.post(
                "instances/Volume::" + id + "/action/setVolumeName",
                gateway.object().put("newName", name.value()));
        if (get(id).bytes() < bytes) {
            gateway.post(
                    "instances/Volume::" + id + "/action/setVolumeSize",
                    gateway.object().put("sizeInGB", Long.toString(bytes >> 30)));
        }
    }

    @Override
    public Usage usage() throws VolumeException {
        JsonNode statistics = gateway.get("instances/StoragePool::" + poolId + "/relationships/Statistics");
        long used = statistics.path("capacityInUseInKb").asLong() * KB;
        return new Usage(
                used
                        + statistics
                                        .path("capacityAvailableForVolumeAllocationInKb")
                                        .asLong()
                                * KB,
                used);
    }
}
