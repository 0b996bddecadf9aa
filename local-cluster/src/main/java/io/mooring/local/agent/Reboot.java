package io.mooring.local.agent;

import io.mooring.local.container.MachineMounts;
import io.mooring.local.container.MachineProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the reboot of an agent's machine does to all that the agent left: its executors, tasks and volume plugin are killed
 * at once, its mounts and loop devices are gone without anybody having unmounted them, and it has another boot id. Only
 * to be done while the agent is stopped.
 *
 * <p>What a program wrote and did not sync is not lost: the kernel is the same one.
 */
public final class Reboot {
    /** What the agent is when it comes back. */
    public enum Identity {
        /** The same: its tasks have failed, and it says so. */
        KEPT,
        /** Another agent, as one that finds its resources changed after a reboot. */
        NEW
    }

    /** In JSON, and in a file of properties that has the boot ids of several machines. */
    private static final String BOOT_ID = "(?m)(\"bootId\"\\s*:\\s*\"|^boot\\.%s=)[0-9a-fA-F-]{36}";

    private final AgentSettings settings;

    public Reboot(AgentSettings settings) {
        this.settings = settings;
    }

    /** Makes it happen. @throws IOException saying what stayed */
    public void strike(Identity identity) throws IOException {
        // Before anything dies: whoever starts its processes again does so with what the files say.
        if (settings.machine().isPresent()) {
            newBootId(settings.machine().get().bootIdFiles());
        }
        Optional<Path> runDir = settings.machine().map(Machine::runDir);
        new MachineProcesses(settings.workDir(), runDir).killAll();
        if (runDir.isPresent()) {
            new MachineMounts(runDir.get()).forget();
        }
        Checkpoint checkpoint = new Checkpoint(settings.workDir());
        switch (identity) {
            case KEPT -> checkpoint.forgetProcesses();
            case NEW -> checkpoint.forget();
        }
    }

    private void newBootId(List<Path> files) throws IOException {
        String fresh = UUID.randomUUID().toString();
        Pattern pattern = Pattern.compile(BOOT_ID.formatted(Pattern.quote(settings.name())));
        for (Path file : files) {
            String content = Files.readString(file);
            Files.writeString(
                    file,
                    pattern.matcher(content).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + fresh)));
        }
    }
}
