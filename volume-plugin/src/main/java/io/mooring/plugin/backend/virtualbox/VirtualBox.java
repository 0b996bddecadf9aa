package io.mooring.plugin.backend.virtualbox;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.platform.Platform;
import io.mooring.plugin.backend.platform.PlatformVolume;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;

/**
 * VirtualBox as a storage platform, for plugins that run in its virtual machines: a volume is a disk image below {@code
 * volumePath} on the machine that runs VirtualBox, attached to a port of this machine's controller while it runs.
 *
 * <p>A session of the web service ends when it is not used for a while, and its references with it; so each call of the
 * plugin has a session of its own.
 */
public final class VirtualBox implements Platform {
    /** Name of the driver. */
    public static final String DRIVER = "virtualbox";

    private static final Logger LOG = LoggerFactory.getLogger(VirtualBox.class);
    private static final String WAIT_MILLIS = "110000";

    private final Settings settings;
    private final WebService service;
    private String here = "";

    /**
     * How to reach it.
     *
     * @param endpoint URL of the web service
     * @param volumePath directory on VirtualBox's own machine where disks are made
     * @param controller name of the controller that disks are attached to
     * @param machine name or id of this virtual machine
     * @param diskIds directory where this machine shows its disks by id
     * @param scsiHosts directory of this machine's controllers, which are told to look for new disks
     */
    public record Settings(
            URI endpoint,
            String userName,
            String password,
            String volumePath,
            String controller,
            String machine,
            Path diskIds,
            Path scsiHosts) {}

    public VirtualBox(Settings settings) {
        this.settings = settings;
        this.service = new WebService(settings.endpoint());
    }

    @Override
    public String driver() {
        return DRIVER;
    }

    @Override
    public void start() throws VolumeException {
        inSession(box -> {
            String machine = service.text(
                    "IVirtualBox_findMachine", WebService.of("_this", box, "nameOrId", settings.machine()));
            here = service.text("IMachine_getId", machine);
            return here;
        });
    }

    @Override
    public String here() {
        return here;
    }

    @Override
    public Optional<PlatformVolume> named(VolumeName name) throws VolumeException {
        return inSession(box -> {
            for (String disk : service.texts("IVirtualBox_getHardDisks", box)) {
                if (volumeName(service.text("IMedium_getName", disk)).equalsIgnoreCase(name.value())) {
                    return Optional.of(volume(disk));
                }
            }
            return Optional.empty();
        });
    }

    /** The disk's name is its file's. */
    private static String volumeName(String disk) {
        return disk.endsWith(".vmdk") ? disk.substring(0, disk.length() - ".vmdk".length()) : disk;
    }

    @Override
    public PlatformVolume get(String id) throws VolumeException {
        return inSession(box -> volume(disk(box, id)));
    }

    private PlatformVolume volume(String disk) throws VolumeException {
        return new PlatformVolume(
                service.text("IMedium_getId", disk),
                Long.parseLong(service.text("IMedium_getLogicalSize", disk)),
                service.texts("IMedium_getMachineIds", disk));
    }

    private String disk(String box, String id) throws VolumeException {
        for (String disk : service.texts("IVirtualBox_getHardDisks", box)) {
            if (service.text("IMedium_getId", disk).equals(id)) {
                return disk;
            }
        }
        throw new VolumeException("VirtualBox has no disk " + id + " any more");
    }

    @Override
    public String create(VolumeName name, long bytes) throws VolumeException {
        return inSession(box -> {
            String disk = service.text(
                    "IVirtualBox_createMedium",
                    WebService.of(
                            "_this",
                            box,
                            "format",
                            "vmdk",
                            "location",
                            settings.volumePath() + "/" + name.value() + ".vmdk",
                            "accessMode",
                            "ReadWrite",
                            "aDeviceTypeType",
                            "HardDisk"));
            await(service.text(
                    "IMedium_createBaseStorage",
                    WebService.of("_this", disk, "logicalSize", Long.toString(bytes), "variant", "Standard")));
            return service.text("IMedium_getId", disk);
        });
    }

    private void await(String progress) throws VolumeException {
        service.call("IProgress_waitForCompletion", WebService.of("_this", progress, "timeout", WAIT_MILLIS));
        String code = service.text("IProgress_getResultCode", progress);
        if (!code.equals("0")) {
            String error = service.text("IProgress_getErrorInfo", progress);
            throw new VolumeException("VirtualBox failed: " + service.text("IVirtualBoxErrorInfo_getText", error));
        }
    }

    @Override
    public void remove(String id) throws VolumeException {
        inSession(box -> {
            await(service.text("IMedium_deleteStorage", disk(box, id)));
            return id;
        });
    }

    @Override
    public void attach(String id) throws VolumeException {
        withMachine((box, machine) -> {
            String disk = disk(box, id);
            service.call(
                    "IMachine_attachDevice",
                    WebService.of(
                            "_this",
                            machine,
                            "name",
                            settings.controller(),
                            "controllerPort",
                            Integer.toString(freePort(machine)),
                            "device",
                            "0",
                            "type",
                            "HardDisk",
                            "medium",
                            disk));
        });
    }

    private int freePort(String machine) throws VolumeException {
        String controller = service.text(
                "IMachine_getStorageControllerByName", WebService.of("_this", machine, "name", settings.controller()));
        int ports = Integer.parseInt(service.text("IStorageController_getPortCount", controller));
        Set<String> taken = new HashSet<>();
        for (Element attachment : attachments(machine)) {
            taken.add(field(attachment, "port"));
        }
        for (int port = 0; port < ports; port++) {
            if (!taken.contains(Integer.toString(port))) {
                return port;
            }
        }
        throw new VolumeException("all " + ports + " ports of controller " + settings.controller()
                + " are taken; give it more (VBoxManage storagectl --portcount)");
    }

    private List<Element> attachments(String machine) throws VolumeException {
        return service.call(
                "IMachine_getMediumAttachmentsOfController",
                WebService.of("_this", machine, "name", settings.controller()));
    }

    private static String field(Element attachment, String name) {
        var found = attachment.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    @Override
    public void detach(String id) throws VolumeException {
        withMachine((box, machine) -> {
            for (Element attachment : attachments(machine)) {
                String disk = field(attachment, "medium");
                if (!disk.isEmpty() && service.text("IMedium_getId", disk).equals(id)) {
                    service.call(
                            "IMachine_detachDevice",
                            WebService.of(
                                    "_this",
                                    machine,
                                    "name",
                                    settings.controller(),
                                    "controllerPort",
                                    field(attachment, "port"),
                                    "device",
                                    field(attachment, "device")));
                }
            }
        });
    }

    /** Changes the running machine: under a shared lock, and saved at the end. */
    private void withMachine(Change change) throws VolumeException {
        inSession(box -> {
            String session = service.text("IWebsessionManager_getSessionObject", WebService.of("refIVirtualBox", box));
            String machine = service.text("IVirtualBox_findMachine", WebService.of("_this", box, "nameOrId", here));
            service.call(
                    "IMachine_lockMachine", WebService.of("_this", machine, "session", session, "lockType", "Shared"));
            try {
                String locked = service.text("ISession_getMachine", session);
                change.make(box, locked);
                service.call("IMachine_saveSettings", WebService.of("_this", locked));
            } finally {
                service.call("ISession_unlockMachine", WebService.of("_this", session));
            }
            return machine;
        });
    }

    /** The first part of a disk's id is the serial number that its device shows. */
    @Override
    public Optional<Path> device(String id) throws VolumeException {
        String serial = "VBOX_HARDDISK_VB" + id.split("-", 2)[0].toLowerCase(Locale.ROOT) + "-";
        rescan();
        if (!Files.isDirectory(settings.diskIds())) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> disks = Files.newDirectoryStream(settings.diskIds())) {
            for (Path disk : disks) {
                String name = disk.getFileName().toString();
                if (name.contains(serial) && !name.contains("-part")) {
                    return Optional.of(disk);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new VolumeException("cannot look for disks in " + settings.diskIds() + ": " + e.getMessage(), e);
        }
    }

    private void rescan() {
        if (!Files.isDirectory(settings.scsiHosts())) {
            return;
        }
        try (DirectoryStream<Path> hosts = Files.newDirectoryStream(settings.scsiHosts())) {
            for (Path host : hosts) {
                Files.writeString(host.resolve("scan"), "- - -", StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("A controller was not told to look for new disks");
        }
    }

    @Override
    public String copy(String id) throws VolumeException {
        throw new VolumeException("driver virtualbox makes no copies; use VBoxManage clonemedium");
    }

    @Override
    public void adapt(String id, VolumeName name, long bytes) throws VolumeException {
        throw new VolumeException("driver virtualbox makes no copies");
    }

    /** VirtualBox does not tell what the disk of its own machine has left. */
    @Override
    public Usage usage() {
        return new Usage(1L << 60, 0);
    }

    private <T> T inSession(Work<T> work) throws VolumeException {
        String box = service.text(
                "IWebsessionManager_logon",
                WebService.of("username", settings.userName(), "password", settings.password()));
        try {
            return work.with(box);
        } finally {
            try {
                service.call("IWebsessionManager_logoff", WebService.of("refIVirtualBox", box));
            } catch (VolumeException e) {
                LOG.atDebug().setCause(e).log("Not logged off; the session ends by itself");
            }
        }
    }

    private interface Work<T> {
        T with(String box) throws VolumeException;
    }

    private interface Change {
        void make(String box, String machine) throws VolumeException;
    }
}
