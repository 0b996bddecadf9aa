package io.mooring.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;

/**
 * Each agent plays a machine of its own, with a boot id of its own. The boot ids live as long as the real machine's boot:
 * when that changes, all of them do, as mounts of every agent are gone then.
 */
final class MachineIdentities {
    private static final Path KERNEL_BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final Properties known = new Properties();
    private final Path file;

    private MachineIdentities(Path file) {
        this.file = file;
    }

    static MachineIdentities load(Path file) throws IOException {
        MachineIdentities identities = new MachineIdentities(file);
        if (Files.exists(file)) {
            try (InputStream from = Files.newInputStream(file)) {
                identities.known.load(from);
            }
        }
        String boot = Files.readString(KERNEL_BOOT).trim();
        if (!boot.equals(identities.known.getProperty("kernel"))) {
            identities.known.clear();
            identities.known.setProperty("kernel", boot);
        }
        return identities;
    }

    String bootId(String agent) {
        return (String)
                known.computeIfAbsent("boot." + agent, key -> UUID.randomUUID().toString());
    }

    void save() throws IOException {
        try (OutputStream to = Files.newOutputStream(file)) {
            known.store(to, "boot ids of the agents of this local cluster");
        }
    }
}
