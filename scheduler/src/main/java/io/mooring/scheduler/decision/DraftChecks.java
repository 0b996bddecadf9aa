package io.mooring.scheduler.decision;

import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Holds an app as a user wants it against everything that is known. */
final class DraftChecks {
    /** Volumes that one app may declare with its instances: a transaction has to hold them. */
    private static final int MOST_NUMBERED = 300;

    private final Policy policy;
    private final VolumeRules rules;

    DraftChecks(Policy policy, VolumeRules rules) {
        this.policy = policy;
        this.rules = rules;
    }

    /** Another app, as far as it can be in the way. */
    record Neighbour(AppId id, List<VolumeSpec> volumes) {}

    /** The definition with the plugins that its driver names mean here. */
    Definition resolve(Definition definition, List<String> notes) {
        List<VolumeSpec> volumes = new ArrayList<>();
        for (VolumeSpec spec : definition.volumes()) {
            DriverName written = spec.request().driver();
            DriverName meant = policy.resolve(written);
            if (!meant.equals(written)) {
                notes.add("driver '" + written + "' of volume " + spec.request().name() + " is the plugin '" + meant
                        + "' here (an alias in the scheduler's configuration)");
            }
            volumes.add(new VolumeSpec(spec.request().on(meant), spec.takeover(), spec.reclaim(), spec.template()));
        }
        return definition.with(volumes);
    }

    /**
     * What is wrong with it.
     *
     * @param order tells which apps there are to be beside it
     */
    List<FieldError> check(Draft draft, Definition definition, Order order) {
        List<FieldError> errors = new ArrayList<>();
        if (order.nested(draft.id())) {
            errors.add(new FieldError("/id", "is a group, or lies below an app", "an id of its own"));
        }
        if (OperationDecisions.oneShot(new TaskId(draft.id().flat() + ".1"))) {
            // After the store was lost its tasks would pass for volume operations, which are simply ended.
            errors.add(new FieldError("/id", "is kept for Mooring's own tasks", "an id of its own"));
        }
        checkRoles(draft, definition, errors);
        List<VolumeSpec> volumes = definition.volumes();
        checkApart(draft, volumes, errors);
        for (int i = 0; i < volumes.size(); i++) {
            String path = "/volumes(" + i + ")";
            VolumeSpec spec = volumes.get(i);
            checkSharing(path, draft, spec, errors);
            int named = spec.template().isPresent() ? Math.max(1, draft.instances()) : 1;
            for (int instance = 0; instance < named && errors.isEmpty(); instance++) {
                checkVolume(path, draft.id(), spec.of(instance), order, errors);
            }
        }
        return errors;
    }

    /** Resources of other roles are never offered. An app's own role is the framework's or its topmost group's, as in Marathon. */
    private void checkRoles(Draft draft, Definition definition, List<FieldError> errors) {
        List<String> offered = policy.requests().roles();
        Optional<String> group = draft.id().topmostGroup();
        draft.role()
                .filter(role -> !offered.contains(role) && !group.equals(Optional.of(role)))
                .ifPresent(role -> errors.add(new FieldError(
                        "/role",
                        "is '" + role + "', which is neither a role of the framework nor the app's topmost group",
                        String.join(", ", offered)
                                + group.map(name -> " or " + name).orElse(""))));
        definition.acceptedRoles().stream()
                .filter(role -> !role.equals("*") && !offered.contains(role))
                .findFirst()
                .ifPresent(role -> errors.add(new FieldError(
                        "/acceptedResourceRoles",
                        "has '" + role + "', in which the framework is not registered",
                        "* and " + String.join(", ", offered))));
    }

    /** No volume may be meant twice, by whatever instance; and what is declared with the app has to fit one transaction. */
    private static void checkApart(Draft draft, List<VolumeSpec> volumes, List<FieldError> errors) {
        int instances = Math.max(1, draft.instances());
        boolean numbered = volumes.stream().anyMatch(spec -> spec.template().isPresent());
        if (numbered && (long) instances * volumes.size() > MOST_NUMBERED) {
            errors.add(new FieldError(
                    "/instances",
                    "is " + instances + ", which makes more volumes than are declared at once",
                    "at most " + MOST_NUMBERED / volumes.size() + " instances with volumes of their own"));
            return;
        }
        for (int i = 0; i < volumes.size(); i++) {
            Set<String> names = new TreeSet<>();
            for (int instance = 0; instance < (numbered ? instances : 1); instance++) {
                for (VolumeSpec spec : volumes) {
                    names.add(spec.of(instance).request().name().key());
                }
            }
            long meant = volumes.stream()
                    .mapToLong(spec -> spec.template().isPresent() ? instances : 1)
                    .sum();
            if (names.size() < meant) {
                errors.add(new FieldError(
                        "/volumes(" + i + ")/name", "is another volume's of this app, too", "names that cannot meet"));
                return;
            }
        }
    }

    /** What the access mode asks of the driver, of the mount's mode, and of the number of instances. */
    private void checkSharing(String path, Draft draft, VolumeSpec spec, List<FieldError> errors) {
        MountMode mode = spec.request().mode();
        errors.addAll(rules.sharing(path, spec));
        boolean alone = spec.template().isEmpty() && !spec.request().shared();
        if (alone && draft.instances() > 1) {
            errors.add(new FieldError(
                    "/instances",
                    "is " + draft.instances() + ", and only one task may "
                            + (mode == MountMode.READ_ONLY ? "have" : "write to") + " volume "
                            + spec.request().name(),
                    "0 or 1, or a volume for each instance: a name with {index} in it"));
        }
    }

    private void checkVolume(String path, AppId app, VolumeSpec spec, Order order, List<FieldError> errors) {
        VolumeName name = spec.request().name();
        for (Neighbour other : order.sharing(app, name)) {
            if (!VolumeRules.together(other.volumes(), spec)) {
                errors.add(new FieldError(
                        path + "/name",
                        "Volume name '" + name + "' in " + app + " conflicts with volume(s) of same name in app(s): "
                                + other.id(),
                        "a name of its own, or the other app deleted first"));
            }
        }
        errors.addAll(rules.known(path, spec));
    }
}
