package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.JournalEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One volume of the answer to {@code Mooring.Volumes}. */
record ListedVolume(JsonNode node) {
    static Optional<ListedVolume> find(JsonNode answer, VolumeName volume) {
        for (JsonNode each : answer.path("Volumes")) {
            if (each.path("Name").asText().equalsIgnoreCase(volume.value())) {
                return Optional.of(new ListedVolume(each));
            }
        }
        return Optional.empty();
    }

    AttachmentView view() {
        List<AttachmentSeen> seen = new ArrayList<>();
        for (JsonNode at : attachments()) {
            attachment(at).ifPresent(seen::add);
        }
        if (seen.isEmpty()) {
            return attachments().isEmpty() ? new AttachmentView.None() : new AttachmentView.NotTold();
        }
        return new AttachmentView.At(seen);
    }

    /** The uses that a host has of it; empty when it is not attached there. */
    List<String> mountIdsOn(String host) {
        List<String> ids = new ArrayList<>();
        for (JsonNode at : attachments()) {
            if (at.path("Host").asText().equals(host)) {
                at.path("MountIds").forEach(id -> ids.add(id.asText()));
            }
        }
        return ids;
    }

    /** Where it is attached on a host. */
    Optional<JsonNode> on(String host) {
        return attachments().stream()
                .filter(at -> at.path("Host").asText().equals(host))
                .findFirst();
    }

    /** The fence under which a host was cut off from it. */
    OptionalLong fenceOf(String host) {
        for (JsonNode fenced : node.path("Fenced")) {
            if (fenced.path("Host").asText().equals(host)
                    && fenced.path("Fence").isIntegralNumber()) {
                return OptionalLong.of(fenced.path("Fence").longValue());
            }
        }
        return OptionalLong.empty();
    }

    /** Who has it to write under a higher fence, in words; a reader's own host may have it for a later writer. */
    Optional<String> writerAfter(ClaimedVolume volume, String here) {
        JsonNode at = node.path("Attachment");
        boolean later = at.isObject() && at.path("Fence").asLong() > volume.fence();
        boolean beside = JournalEntry.reads(volume) && at.path("Host").asText().equals(here);
        return later && !beside
                ? Optional.of("to " + at.path("Host").asText() + " under fence "
                        + at.path("Fence").asLong())
                : Optional.empty();
    }

    /** The writer's, or all readers'. */
    private List<JsonNode> attachments() {
        List<JsonNode> all = new ArrayList<>();
        if (node.path("Attachment").isObject()) {
            all.add(node.path("Attachment"));
        }
        node.path("Readers").forEach(all::add);
        return all;
    }

    static Optional<AttachmentSeen> attachment(JsonNode at) {
        if (!at.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AttachmentSeen(
                    new MachineKey(at.path("Host").asText()),
                    at.path("BootId").isTextual()
                            ? Optional.of(new BootId(at.path("BootId").textValue()))
                            : Optional.empty(),
                    at.path("Fence").isIntegralNumber()
                            ? OptionalLong.of(at.path("Fence").longValue())
                            : OptionalLong.empty(),
                    at.path("ClaimId").isTextual()
                            ? Optional.of(new ClaimId(at.path("ClaimId").textValue()))
                            : Optional.empty(),
                    Instant.parse(at.path("Since").asText())));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
