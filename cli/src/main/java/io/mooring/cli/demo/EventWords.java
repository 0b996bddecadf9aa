package io.mooring.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.local.process.LocalSettings.Driver;
import java.util.Optional;

/**
 * What the scheduler's events mean, for somebody who sees Mooring for the first time.
 *
 * @param driver a directory is neither attached nor formatted, and nothing is said of it that is not so
 */
record EventWords(Driver driver) {
    /** A line for the event, if it belongs to the story. */
    Optional<String> of(JsonNode event) {
        String volume = event.path("volume").asText();
        String machine = event.path("machine").asText();
        return switch (event.path("eventType").asText()) {
            case "claim_reserved" ->
                Optional.of("volume " + volume + " is claimed for " + machine + " under fence "
                        + event.path("fence").asText() + "; nothing touches it yet");
            case "claim_activated" ->
                Optional.of(
                        "the executor on " + machine + " has started and asked for the volume; it may mount it now");
            case "claim_mounted" -> Optional.of(mounted(event.path("fence").asLong(), machine));
            case "claim_releasing" ->
                Optional.of("the workload is told to stop; the volume is not free before there is proof that it did");
            case "claim_released" ->
                Optional.of("volume " + volume + ", fence "
                        + event.path("fence").asText() + ", is released by " + machine + " on evidence "
                        + evidence(event.path("evidence").asText()));
            case "task_killing", "task_killed", "task_finished", "task_failed" -> task(event);
            default -> Optional.empty();
        };
    }

    private String mounted(long fence, String machine) {
        boolean firstTime = fence == 1;
        return switch (driver) {
            case LOOP ->
                firstTime
                        ? "the volume was created, attached to " + machine
                                + ", formatted and mounted; the workload runs"
                        : "the volume was attached to " + machine
                                + " and mounted, with the file system it has; the workload runs";
            case VFS ->
                firstTime
                        ? "the volume was created, a directory, and mounted on " + machine + "; the workload runs"
                        : "the same directory was mounted on " + machine + "; the workload runs";
        };
    }

    private static String evidence(String code) {
        return code
                + switch (code) {
                    case "E1" -> ": the executor saw the workload gone and let go of the volume";
                    case "E1b" -> ": a clean-up on the machine found the workload gone and the volume let go of";
                    case "E4" -> ": the machine has booted since";
                    case "E5" -> ": an operator said so";
                    default -> "";
                };
    }

    private static Optional<String> task(JsonNode event) {
        if (event.path("app").isMissingNode()) {
            return Optional.empty();
        }
        String task = "task " + event.path("task").asText();
        return Optional.of(
                switch (event.path("eventType").asText()) {
                    case "task_killing" -> task + " is being stopped";
                    case "task_killed" -> task + " has ended, as it was told";
                    case "task_finished" -> task + " has ended by itself";
                    default -> task + " has failed: " + event.path("message").asText("(no message)");
                });
    }
}
