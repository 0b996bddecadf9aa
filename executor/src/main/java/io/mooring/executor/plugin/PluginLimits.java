package io.mooring.executor.plugin;

import java.time.Duration;

/**
 * How patient this machine is with a plugin, and how much it asks of it at once.
 *
 * @param change how long a call that changes something may take, 1 s to a day; then its outcome is unknown
 * @param question how long one may take that only asks, 1 s to 10 minutes
 * @param connect how long connecting may take, 1 s to 2 minutes
 * @param patience how long a plugin that is not there is waited for, 0 to 10 minutes
 * @param calls how many may be under way, 1 to 1000
 * @param silentCalls after how many calls in a row without any answer it is left alone, 1 to 100
 * @param longestPause for how long at most, 1 s to 10 minutes
 */
public record PluginLimits(
        Duration change,
        Duration question,
        Duration connect,
        Duration patience,
        int calls,
        int silentCalls,
        Duration longestPause) {
    /** What holds when nothing else is configured; the patience is Docker's: 1, 2, 4 and 8 s, for the next would exceed 30 s. */
    public static final PluginLimits USUAL = new PluginLimits(
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            16,
            3,
            Duration.ofSeconds(15));

    private static final Duration INSPECTION = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofSeconds(5);

    public PluginLimits {
        require("changeSeconds", change.toSeconds(), 1, 86_400);
        require("questionSeconds", question.toSeconds(), 1, 600);
        require("connectSeconds", connect.toSeconds(), 1, 120);
        require("waitSeconds", patience.toSeconds(), 0, 600);
        require("calls", calls, 1, 1000);
        require("silentCalls", silentCalls, 1, 100);
        require("pauseSeconds", longestPause.toSeconds(), 1, 600);
    }

    private static void require(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " is " + value + ", must be " + least + " to " + most);
        }
    }

    /** How long the whole of such a call may take. */
    Duration deadline(CallKind kind) {
        return switch (kind) {
            case CHANGE -> change;
            case QUESTION -> question;
            case INSPECTION -> shorter(INSPECTION);
            case GLANCE -> shorter(GLANCE);
        };
    }

    private Duration shorter(Duration usual) {
        return question.compareTo(usual) < 0 ? question : usual;
    }

    /** The same, waiting for so long. */
    PluginLimits waiting(Duration other) {
        return new PluginLimits(change, question, connect, other, calls, silentCalls, longestPause);
    }
}
