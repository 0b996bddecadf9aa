package io.mooring.local.simulated;

import io.mooring.local.resource.FlagSyntax;
import java.time.Duration;
import java.util.Optional;

/**
 * Agents without processes. In texts, {@code {n}} stands for the agent's number, from 1.
 *
 * @param resources in the syntax of Mesos' {@code --resources}
 * @param attributes in the syntax of Mesos' {@code --attributes}
 * @param taskTime after which a running task finishes by itself; absent: never
 */
public record SimulatedSettings(int count, String resources, String attributes, Optional<Duration> taskTime) {
    private static final int MOST = 100_000;

    public SimulatedSettings {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("simulatedAgents.count " + count + ": expected 1 to " + MOST);
        }
        FlagSyntax.resources(numbered(resources, 1));
        FlagSyntax.attributes(numbered(attributes, 1));
    }

    static String numbered(String text, int number) {
        return text.replace("{n}", Integer.toString(number));
    }

    /** How faults call them. */
    public static String name(int number) {
        return "sim-" + number;
    }
}
