package io.mooring.common.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import java.time.DateTimeException;
import java.time.Instant;

/** The reports of what the storage said, as JSON fields. */
final class StorageFields {
    private StorageFields() {}

    static void write(ObjectNode to, FenceReport report) {
        to.put("operation", report.operation())
                .put("volume", report.volume().value())
                .put("holder", report.holder().value())
                .put("fence", report.fence())
                .put("outcome", report.outcome().name())
                .put("what", report.what());
    }

    static FenceReport readFence(Fields fields) {
        return new FenceReport(
                fields.text("operation"),
                fields.volume(),
                new MachineKey(fields.text("holder")),
                fields.number("fence"),
                fields.word("outcome", FenceOutcome.class),
                fields.text("what"));
    }

    static void write(ObjectNode to, VolumesObserved report) {
        to.put("machine", report.machine().value())
                .put("driver", report.driver().value())
                .put("at", report.at().toString());
        ArrayNode volumes = to.putArray("volumes");
        report.volumes().forEach(volume -> write(volumes.addObject(), volume));
    }

    static VolumesObserved readObserved(Fields fields) {
        return new VolumesObserved(
                new MachineKey(fields.text("machine")),
                new DriverName(fields.text("driver")),
                readTime(fields, "at"),
                fields.list("volumes", StorageFields::readVolume));
    }

    /** The list of attachments is missing where the plugin does not tell, and empty where it says none. */
    private static void write(ObjectNode to, VolumeObserved volume) {
        to.put("volume", volume.volume().value())
                .put("existence", volume.existence().name());
        if (volume.attachment() instanceof AttachmentView.None) {
            to.putArray("attachments");
        } else if (volume.attachment() instanceof AttachmentView.At at) {
            ArrayNode attachments = to.putArray("attachments");
            at.attachments().forEach(attachment -> write(attachments.addObject(), attachment));
        }
    }

    private static VolumeObserved readVolume(Fields fields) {
        return new VolumeObserved(fields.volume(), fields.word("existence", Existence.class), readView(fields));
    }

    private static AttachmentView readView(Fields fields) {
        if (!fields.node().hasNonNull("attachments")) {
            return new AttachmentView.NotTold();
        }
        var attachments = fields.list("attachments", StorageFields::readAttachment);
        return attachments.isEmpty() ? new AttachmentView.None() : new AttachmentView.At(attachments);
    }

    static void write(ObjectNode to, AttachmentSeen attachment) {
        to.put("machine", attachment.machine().value());
        attachment.boot().ifPresent(boot -> to.put("boot", boot.value()));
        attachment.fence().ifPresent(fence -> to.put("fence", fence));
        attachment.claim().ifPresent(claim -> to.put("claim", claim.value()));
        to.put("since", attachment.since().toString());
    }

    static AttachmentSeen readAttachment(Fields fields) {
        return new AttachmentSeen(
                new MachineKey(fields.text("machine")),
                fields.optionalText("boot").map(BootId::new),
                fields.optionalNumber("fence"),
                fields.optionalText("claim").map(ClaimId::new),
                readTime(fields, "since"));
    }

    private static Instant readTime(Fields fields, String name) {
        try {
            return Instant.parse(fields.text(name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("field '" + name + "' has to be a time as in RFC 3339", e);
        }
    }
}
