package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mooring's own calls of a plugin, by which volumes are taken from machines. Foreign plugins have none of them. */
final class OwnershipCalls {
    private final Plugins plugins;

    OwnershipCalls(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * Cuts the holder off. Where it has not taken the attachment over from its predecessor yet, that one's number is on
     * it: then first the predecessor is cut off, and afterwards the holder is kept from coming.
     */
    Outcome<CutState> cutOff(FenceHolder order) {
        Outcome<CutState> outcome = cutOff(order, order.claim(), order.fence());
        boolean refused = outcome instanceof Outcome.Refused<CutState> && !outcome.refusedAs(Refusal.NOT_REACHED);
        if (!refused || order.takesOver().isEmpty()) {
            return outcome;
        }
        Predecessor before = order.takesOver().get();
        // Refused as well when the hand-over came meanwhile; what counts is the answer about the holder itself.
        Outcome<CutState> earlier = cutOff(order, before.claim(), before.fence());
        return earlier instanceof Outcome.Unknown<CutState> ? earlier : cutOff(order, order.claim(), order.fence());
    }

    /** Detach, Fence, Verify: each only after the one before; what was refused by any was not done for sure. */
    private Outcome<CutState> cutOff(FenceHolder order, ClaimId claim, long fence) {
        ObjectNode body = plugins.empty()
                .put("Name", order.volume().value())
                .put("Host", order.holder().value())
                .put("Fence", fence)
                .put("ClaimId", claim.value());
        order.boot().ifPresent(boot -> body.put("BootId", boot.value()));
        for (String call : List.of("Mooring.Detach", "Mooring.Fence")) {
            Outcome<JsonNode> outcome = plugins.call(order.driver(), call, body, CallKind.CHANGE);
            if (!(outcome instanceof Outcome.Done<JsonNode>)) {
                return Plugins.same(outcome);
            }
        }
        Outcome<JsonNode> verified = plugins.call(order.driver(), "Mooring.Verify", body, CallKind.QUESTION);
        if (verified instanceof Outcome.Done<JsonNode> done) {
            // An answer without the fields proves nothing.
            return new Outcome.Done<>(new CutState(
                    done.value().path("Attached").asBoolean(true),
                    done.value().path("Fenced").asBoolean(false)));
        }
        return new Outcome.Unknown<>("it could not be verified: " + verified.reason());
    }

    /** From the plugin's own list where there is one; else only whether the volume exists. */
    List<VolumeObserved> observe(DriverName driver, List<VolumeName> volumes) {
        Outcome<JsonNode> listed = plugins.call(driver, "Mooring.Volumes", plugins.empty(), CallKind.QUESTION);
        List<VolumeObserved> observed = new ArrayList<>();
        for (VolumeName volume : volumes) {
            if (listed instanceof Outcome.Done<JsonNode> done
                    && done.value().path("Volumes").isArray()) {
                observed.add(observed(volume, ListedVolume.find(done.value(), volume)));
            } else {
                observed.add(new VolumeObserved(volume, existence(driver, volume), new AttachmentView.NotTold()));
            }
        }
        return observed;
    }

    private static VolumeObserved observed(VolumeName volume, Optional<ListedVolume> found) {
        return found.map(listed -> new VolumeObserved(volume, Existence.EXISTS, listed.view()))
                .orElse(new VolumeObserved(volume, Existence.MISSING, new AttachmentView.None()));
    }

    private Existence existence(DriverName driver, VolumeName volume) {
        Outcome<io.mooring.executor.mount.Existence> looked = plugins.look(driver, volume);
        if (looked instanceof Outcome.Done<io.mooring.executor.mount.Existence> done) {
            return switch (done.value()) {
                case PRESENT -> Existence.EXISTS;
                case ABSENT -> Existence.MISSING;
            };
        }
        return Existence.UNKNOWN;
    }

    /** Only what is certain counts: this machine is cut off, or another claim has the volume under a higher fence. */
    Optional<String> overtaken(ClaimedVolume volume) {
        DriverName driver = volume.request().driver();
        Optional<String> host = host(driver, CallKind.GLANCE);
        Outcome<JsonNode> listed = listed(driver, volume.request().name(), CallKind.GLANCE);
        if (host.isEmpty() || !(listed instanceof Outcome.Done<JsonNode> done)) {
            return Optional.empty();
        }
        Optional<ListedVolume> found =
                ListedVolume.find(done.value(), volume.request().name());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.get().fenceOf(host.get()).orElse(0) >= volume.fence()) {
            return Optional.of("this machine was cut off from volume '"
                    + volume.request().name() + "' under fence "
                    + found.get().fenceOf(host.get()).getAsLong());
        }
        return found.get()
                .writerAfter(volume, host.get())
                .map(writer -> "volume '" + volume.request().name() + "' is attached " + writer);
    }

    /** Every plugin here is asked: whoever orders it knows the volume, not its driver. */
    Optional<String> unfence(VolumeName volume) {
        for (DriverName driver : plugins.names()) {
            Optional<String> trouble = unfence(driver, volume);
            if (trouble.isPresent()) {
                return trouble;
            }
        }
        return Optional.empty();
    }

    private Optional<String> unfence(DriverName driver, VolumeName volume) {
        Optional<String> host = host(driver, CallKind.QUESTION);
        if (host.isEmpty()) {
            return foreign(driver, volume);
        }
        Outcome<JsonNode> listed = listed(driver, volume, CallKind.QUESTION);
        if (!(listed instanceof Outcome.Done<JsonNode> done)) {
            return Optional.of("plugin '" + driver + "': " + listed.reason());
        }
        Optional<ListedVolume> found = ListedVolume.find(done.value(), volume);
        if (found.isPresent() && found.get().fenceOf(host.get()).isPresent()) {
            ObjectNode body = plugins.empty()
                    .put("Name", volume.value())
                    .put("Host", host.get())
                    .put("Fence", Math.max(1, found.get().fenceOf(host.get()).getAsLong()));
            Outcome<JsonNode> outcome = plugins.call(driver, "Mooring.Unfence", body, CallKind.CHANGE);
            return outcome instanceof Outcome.Done<JsonNode>
                    ? Optional.empty()
                    : Optional.of("plugin '" + driver + "': " + outcome.reason());
        }
        return found.isPresent() && !found.get().mountIdsOn(host.get()).isEmpty()
                ? Optional.of("plugin '" + driver + "' still has volume '" + volume + "' attached here")
                : Optional.empty();
    }

    /** A plain plugin only has the mount point to tell. */
    private Optional<String> foreign(DriverName driver, VolumeName volume) {
        Outcome<JsonNode> got = plugins.call(
                driver, "VolumeDriver.Get", plugins.empty().put("Name", volume.value()), CallKind.QUESTION);
        if (!(got instanceof Outcome.Done<JsonNode> done)) {
            return got.refusedAs(Refusal.NOT_FOUND)
                    ? Optional.empty()
                    : Optional.of("plugin '" + driver + "': " + got.reason());
        }
        String point = done.value().path("Volume").path("Mountpoint").asText("");
        return point.isEmpty()
                ? Optional.empty()
                : Optional.of("plugin '" + driver + "' still has volume '" + volume + "' mounted at " + point);
    }

    /** The list with that one volume only, where the plugin is of today; an older one answers with all. */
    private Outcome<JsonNode> listed(DriverName driver, VolumeName volume, CallKind kind) {
        return plugins.call(driver, "Mooring.Volumes", plugins.empty().put("Name", volume.value()), kind);
    }

    private Optional<String> host(DriverName driver, CallKind kind) {
        Outcome<JsonNode> self = plugins.call(driver, "Mooring.Capabilities", plugins.empty(), kind);
        return self instanceof Outcome.Done<JsonNode> done
                        && done.value().path("Host").isTextual()
                ? Optional.of(done.value().path("Host").textValue())
                : Optional.empty();
    }
}
