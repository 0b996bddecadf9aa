package io.mooring.scheduler.decision;

import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.VolumeSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What users ask of apps: checked against everything that is known, and answered with what would be right. */
public final class AppRequests {
    /** Volumes that one app may declare with its instances: a transaction has to hold them. */
    private static final int MOST_NUMBERED = 300;

    private final ClusterState state;
    private final Policy policy;
    private final AppDecisions apps;
    private final Chance chance;
    private final VolumeRules rules;

    AppRequests(ClusterState state, Policy policy, AppDecisions apps, Chance chance, VolumeRules rules) {
        this.state = state;
        this.rules = rules;
        this.policy = policy;
        this.apps = apps;
        this.chance = chance;
    }

    /**
     * An app as a user wants it.
     *
     * @param source its JSON with defaults filled in
     */
    public record Draft(AppId id, int instances, Definition definition, String source) {}

    /**
     * A change that was taken.
     *
     * @param notes what the user should know about it
     */
    public record Accepted(App app, Deployment deployment, List<String> notes) {
        public Accepted {
            notes = List.copyOf(notes);
        }
    }

    /** What to do with tasks on their way when another change comes. */
    public enum Force {
        NO,
        YES
    }

    /** A new app. */
    public Answer<Accepted> create(Draft draft, Decision decision) {
        if (state.app(draft.id()).isPresent()) {
            return Answer.refused(Answer.Why.CONFLICT, "An app with id [" + draft.id() + "] already exists.");
        }
        return put(draft, Optional.empty(), decision);
    }

    /** An app in a new form, whether it was there or not. */
    public Answer<Accepted> replace(Draft draft, Force force, Decision decision) {
        Optional<App> before = state.app(draft.id());
        if (before.isPresent() && locked(before.get(), force)) {
            return lockedBy(before.get());
        }
        return put(draft, before, decision);
    }

    public Answer<Accepted> restart(AppId id, Force force, Decision decision) {
        return change(
                id,
                force,
                decision,
                (app, now, deployment) -> new App(
                        id,
                        now,
                        app.lastScaling(),
                        now,
                        app.goal(),
                        app.instances(),
                        app.definition(),
                        app.source(),
                        Optional.of(deployment)));
    }

    public Answer<Accepted> delete(AppId id, Force force, Decision decision) {
        return change(
                id,
                force,
                decision,
                (app, now, deployment) -> new App(
                        id,
                        now,
                        now,
                        app.lastConfigChange(),
                        App.Goal.DELETE,
                        0,
                        app.definition(),
                        app.source(),
                        Optional.of(deployment)));
    }

    /**
     * Another number of instances.
     *
     * @param first is done before what is too much is chosen
     */
    Answer<Accepted> scale(AppId id, int instances, Force force, Decision decision, Runnable first) {
        return change(id, force, decision, (app, now, deployment) -> {
            first.run();
            return new App(
                    id,
                    now,
                    now,
                    app.lastConfigChange(),
                    app.goal(),
                    instances,
                    app.definition(),
                    app.source(),
                    Optional.of(deployment));
        });
    }

    /** Lets an app that waits after failures be launched at once. */
    public Answer<App> resetDelay(AppId id, Decision decision) {
        Optional<App> app = state.app(id);
        if (app.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "App '" + id + "' does not exist");
        }
        apps.forgive(id, decision);
        return Answer.ok(app.get());
    }

    private Answer<Accepted> put(Draft draft, Optional<App> before, Decision decision) {
        List<String> notes = new ArrayList<>();
        Definition definition = resolve(draft.definition(), notes);
        List<FieldError> errors = check(draft, definition);
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        Instant now = version(before, decision);
        Deployment deployment = new Deployment(chance.newName(), now);
        boolean sameConfig = before.isPresent() && before.get().definition().equals(definition);
        boolean sameScale = before.isPresent() && before.get().instances() == draft.instances();
        App app = new App(
                draft.id(),
                now,
                sameScale ? before.get().lastScaling() : now,
                sameConfig ? before.get().lastConfigChange() : now,
                App.Goal.RUN,
                draft.instances(),
                definition,
                draft.source(),
                Optional.of(deployment));
        apps.put(app, decision);
        return Answer.ok(new Accepted(app, deployment, notes));
    }

    private interface Change {
        App make(App app, Instant now, Deployment deployment);
    }

    private Answer<Accepted> change(AppId id, Force force, Decision decision, Change change) {
        Optional<App> before = state.app(id);
        if (before.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "App '" + id + "' does not exist");
        }
        if (locked(before.get(), force)) {
            return lockedBy(before.get());
        }
        Instant now = version(before, decision);
        Deployment deployment = new Deployment(chance.newName(), now);
        App app = change.make(before.get(), now, deployment);
        apps.put(app, decision);
        return Answer.ok(new Accepted(app, deployment, List.of()));
    }

    /** Versions are times, and each is later than the one before. */
    private static Instant version(Optional<App> before, Decision decision) {
        Instant now = decision.now().truncatedTo(ChronoUnit.MILLIS);
        return before.isPresent() && !now.isAfter(before.get().version())
                ? before.get().version().plusMillis(1)
                : now;
    }

    private static boolean locked(App app, Force force) {
        return force == Force.NO && app.deployment().isPresent();
    }

    private static Answer<Accepted> lockedBy(App app) {
        return new Answer.Refused<>(
                Answer.Why.LOCKED,
                "App is locked by one or more deployments. Override with the option '?force=true'. View details at"
                        + " '/v2/deployments/<DEPLOYMENT_ID>'.",
                List.of(new FieldError(
                        "/deployments", app.deployment().orElseThrow().id(), "")));
    }

    /** The definition with the plugins that its driver names mean here. */
    private Definition resolve(Definition definition, List<String> notes) {
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

    private List<FieldError> check(Draft draft, Definition definition) {
        List<FieldError> errors = new ArrayList<>();
        if (state.apps().stream().anyMatch(app -> nested(app.id(), draft.id()))) {
            errors.add(new FieldError("/id", "is a group that has apps, or lies below an app", "an id of its own"));
        }
        if (OperationDecisions.oneShot(new TaskId(draft.id().flat() + ".1"))) {
            // After the store was lost its tasks would pass for volume operations, which are simply ended.
            errors.add(new FieldError("/id", "is kept for Mooring's own tasks", "an id of its own"));
        }
        List<VolumeSpec> volumes = definition.volumes();
        checkApart(draft, volumes, errors);
        for (int i = 0; i < volumes.size(); i++) {
            String path = "/volumes(" + i + ")";
            VolumeSpec spec = volumes.get(i);
            checkSharing(path, draft, spec, errors);
            int named = spec.template().isPresent() ? Math.max(1, draft.instances()) : 1;
            for (int instance = 0; instance < named && errors.isEmpty(); instance++) {
                checkVolume(path, draft.id(), spec.of(instance), errors);
            }
        }
        return errors;
    }

    private static boolean nested(AppId one, AppId other) {
        return one.path().startsWith(other.path() + "/") || other.path().startsWith(one.path() + "/");
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

    private void checkVolume(String path, AppId app, VolumeSpec spec, List<FieldError> errors) {
        VolumeName name = spec.request().name();
        for (App other : state.apps()) {
            if (!other.id().equals(app) && AppDecisions.uses(other, name) && !VolumeRules.together(other, spec)) {
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
