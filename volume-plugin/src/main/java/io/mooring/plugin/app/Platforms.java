package io.mooring.plugin.app;

import io.mooring.plugin.backend.platform.Platform;
import io.mooring.plugin.backend.scaleio.ScaleIo;
import io.mooring.plugin.backend.virtualbox.VirtualBox;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the platform that a driver's section of the configuration describes. Names and defaults are REX-Ray's. */
record Platforms(Map<String, String> section, Commands commands) {

    /** The platform of this driver; empty if it is none. */
    Optional<Platform> of(String driver) throws VolumeException {
        return switch (driver) {
            case VirtualBox.DRIVER -> Optional.of(new VirtualBox(virtualBox()));
            case ScaleIo.DRIVER -> Optional.of(new ScaleIo(scaleIo(), commands));
            default -> Optional.empty();
        };
    }

    private VirtualBox.Settings virtualBox() throws VolumeException {
        String endpoint = text("endpoint", "http://10.0.2.2:18083");
        boolean tls = truth("virtualbox", "tls");
        return new VirtualBox.Settings(
                url("virtualbox", tls ? endpoint.replaceFirst("^http:", "https:") : endpoint),
                text("username", ""),
                text("password", ""),
                required("virtualbox", "volumepath"),
                text("controllername", "SATA"),
                text("localmachinenameorid", hostName()),
                Path.of(text("diskidpath", "/dev/disk/by-id")),
                Path.of(text("scsihostpath", "/sys/class/scsi_host")));
    }

    private ScaleIo.Settings scaleIo() throws VolumeException {
        return new ScaleIo.Settings(
                url("scaleio", required("scaleio", "endpoint")),
                text("username", ""),
                text("password", ""),
                text("version", ""),
                truth("scaleio", "insecure"),
                text("systemid", text("systemname", "")),
                text("protectiondomainid", text("protectiondomainname", "")),
                text("storagepoolid", text("storagepoolname", "")),
                provisioning(),
                text("guid", ""),
                Path.of(text("drvcfg", "/opt/emc/scaleio/sdc/bin/drv_cfg")),
                Path.of(text("diskidpath", "/dev/disk/by-id")));
    }

    private String text(String key, String absent) {
        String text = section.getOrDefault(key, "");
        return text.isEmpty() ? absent : text;
    }

    private String provisioning() throws VolumeException {
        String text = text("thinorthick", "thin");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "thin", "thinprovisioned" -> "ThinProvisioned";
            case "thick", "thickprovisioned" -> "ThickProvisioned";
            default ->
                throw new VolumeException(
                        "scaleio.thinOrThick is '" + text + "', must be ThinProvisioned or ThickProvisioned");
        };
    }

    private boolean truth(String driver, String key) throws VolumeException {
        String text = text(key, "false");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "t", "yes", "on" -> true;
            case "false", "0", "f", "no", "off" -> false;
            default -> throw new VolumeException(driver + "." + key + " is '" + text + "', must be true or false");
        };
    }

    private String required(String driver, String key) throws VolumeException {
        String text = text(key, "");
        if (text.isEmpty()) {
            throw new VolumeException(driver + "." + key + " is missing in the configuration");
        }
        return text;
    }

    private static URI url(String driver, String text) throws VolumeException {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && url.getScheme().matches("https?")) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new VolumeException(
                    driver + ".endpoint is '" + text + "', must be a URL such as http://host:port", e);
        }
        throw new VolumeException(driver + ".endpoint is '" + text + "', must be a URL such as http://host:port");
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
