package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment;
import io.mooring.scheduler.definition.App.Deployment.Action;
import io.mooring.scheduler.definition.App.Deployment.Progress;
import io.mooring.scheduler.definition.App.Goal;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.deployment.Plan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What users ask of apps, answered with what would be right. Several apps are changed together or not at all. */
public final class AppRequests {
    /** Apps in one change, which is recorded in one transaction. */
    private static final int MOST_APPS = 100;

    /** Of definitions, old and new: each stands in the transaction more than once. */
    private static final int MOST_CHARACTERS = 100_000;

    private final ClusterState state;
    private final Policy.Requests policy;
    private final AppDecisions apps;
    private final DeploymentDecisions deployments;
    private final Chance chance;
    private final DraftChecks checks;

    AppRequests(
            ClusterState state,
            Policy.Requests policy,
            AppDecisions apps,
            DeploymentDecisions deployments,
            Chance chance,
            DraftChecks checks) {
        this.state = state;
        this.policy = policy;
        this.apps = apps;
        this.deployments = deployments;
        this.chance = chance;
        this.checks = checks;
    }

    /**
     * An app as a user wants it.
     *
     * @param role that its definition names; without effect, since each offer has its own
     * @param source its JSON with defaults filled in
     */
    public record Draft(AppId id, int instances, Definition definition, Optional<String> role, String source) {}

    /**
     * A change that was taken.
     *
     * @param apps in their new form
     * @param deployment the part of the first of them
     * @param notes what the user should know about it
     */
    public record Accepted(List<App> apps, Deployment deployment, List<String> notes) {
        public Accepted {
            apps = List.copyOf(apps);
            notes = List.copyOf(notes);
        }

        /** The app, or the first of several. */
        public App app() {
            return apps.get(0);
        }
    }

    /** What to do with tasks on their way when another change comes. */
    public enum Force {
        NO,
        YES
    }

    /** A new app. */
    public Answer<Accepted> create(Draft draft, Decision decision) {
        if (state.app(draft.id()).isPresent() && tooMany().isEmpty()) {
            return Answer.refused(Answer.Why.CONFLICT, "An app with id [" + draft.id() + "] already exists.");
        }
        return one(new Wanted.Put(draft), Force.NO, decision);
    }

    /** An app in a new form, whether it was there or not. */
    public Answer<Accepted> replace(Draft draft, Force force, Decision decision) {
        return one(new Wanted.Put(draft), force, decision);
    }

    public Answer<Accepted> restart(AppId id, Force force, Decision decision) {
        return one(new Wanted.Restart(id), force, decision);
    }

    public Answer<Accepted> delete(AppId id, Force force, Decision decision) {
        return one(new Wanted.Delete(id), force, decision);
    }

    /**
     * Other numbers of instances.
     *
     * @param first is done before what is too much is chosen
     */
    Answer<Accepted> scale(List<Wanted> wanted, Force force, Decision decision, Runnable first) {
        return change(wanted, force, decision, first);
    }

    /** Several apps at once. What is wrong is told at the path of the app's place in the list. */
    public Answer<Accepted> change(List<Wanted> wanted, Force force, Decision decision) {
        return change(wanted, force, decision, () -> {});
    }

    /** The steps of a change of several apps that is not made. */
    Answer<List<Plan.Step>> preview(List<Wanted> wanted, Decision decision) {
        List<Wanted> resolved =
                wanted.stream().map(each -> resolve(each, new ArrayList<>())).toList();
        Order order = new Order(state, resolved);
        List<FieldError> errors = check(resolved, order);
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        List<App> formed = resolved.stream()
                .map(each -> form(each, state.app(each.id()), decision.now(), "preview", order))
                .toList();
        return Answer.ok(Plan.of(formed).steps());
    }

    /** Lets an app that waits after failures be launched at once. */
    public Answer<App> resetDelay(AppId id, Decision decision) {
        Optional<App> app = state.app(id);
        if (app.isEmpty()) {
            return unknown(id);
        }
        apps.forgive(id, decision);
        return Answer.ok(app.get());
    }

    private Answer<Accepted> one(Wanted wanted, Force force, Decision decision) {
        Answer<Accepted> answer = change(List.of(wanted), force, decision);
        if (answer instanceof Answer.Refused<Accepted> refused && refused.why() == Answer.Why.INVALID) {
            return new Answer.Refused<>(
                    refused.why(),
                    refused.what(),
                    refused.errors().stream().map(AppRequests::alone).toList());
        }
        return answer;
    }

    private static FieldError alone(FieldError error) {
        return error.at(error.path().replaceFirst("^\\(0\\)", ""));
    }

    private Answer<Accepted> change(List<Wanted> wanted, Force force, Decision decision, Runnable first) {
        Optional<Answer<Accepted>> tooMany = tooMany();
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        for (Wanted each : wanted) {
            if (!(each instanceof Wanted.Put) && state.app(each.id()).isEmpty()) {
                return unknown(each.id());
            }
        }
        List<String> running = wanted.stream()
                .flatMap(each -> state.app(each.id()).stream())
                .flatMap(app -> app.deployment().stream())
                .map(Deployment::id)
                .distinct()
                .toList();
        if (force == Force.NO && !running.isEmpty()) {
            return lockedBy(running);
        }
        List<String> notes = new ArrayList<>();
        List<Wanted> resolved =
                wanted.stream().map(each -> resolve(each, notes)).toList();
        Order order = new Order(state, resolved);
        List<FieldError> errors = check(resolved, order);
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        first.run();
        running.forEach(id -> deployments.cancel(id, "another change took its place", decision));
        return Answer.ok(make(resolved, order, notes, decision));
    }

    private Wanted resolve(Wanted wanted, List<String> notes) {
        if (!(wanted instanceof Wanted.Put put)) {
            return wanted;
        }
        Draft draft = put.draft();
        Definition meant = checks.resolve(draft.definition(), notes);
        return new Wanted.Put(new Draft(draft.id(), draft.instances(), meant, draft.role(), draft.source()));
    }

    private List<FieldError> check(List<Wanted> wanted, Order order) {
        List<FieldError> errors = new ArrayList<>();
        int characters = wanted.stream().mapToInt(this::characters).sum();
        if (wanted.isEmpty() || wanted.size() > MOST_APPS || (wanted.size() > 1 && characters > MOST_CHARACTERS)) {
            errors.add(new FieldError(
                    "",
                    "is a change of " + wanted.size() + " apps with definitions of " + characters + " characters",
                    "at least one app, and at most " + MOST_APPS + " apps and " + MOST_CHARACTERS
                            + " characters at once"));
            return errors;
        }
        for (int i = 0; i < wanted.size(); i++) {
            String path = "(" + i + ")";
            if (!order.once(wanted.get(i).id())) {
                errors.add(new FieldError(path + "/id", "is there more than once", "each app once"));
            }
            if (wanted.get(i) instanceof Wanted.Put put) {
                checks.check(put.draft(), put.draft().definition(), order)
                        .forEach(error -> errors.add(error.at(path + error.path())));
                if (order.circular(put.id())) {
                    errors.add(new FieldError(
                            path + "/dependencies",
                            "Dependency graph has cyclic dependencies.",
                            "dependencies that do not lead back"));
                }
            }
        }
        return errors;
    }

    private int characters(Wanted wanted) {
        int before = state.app(wanted.id()).map(app -> app.source().length()).orElse(0);
        return before + (wanted instanceof Wanted.Put put ? put.draft().source().length() : before);
    }

    private Accepted make(List<Wanted> wanted, Order order, List<String> notes, Decision decision) {
        Instant now = decision.now().truncatedTo(ChronoUnit.MILLIS);
        for (Wanted each : wanted) {
            // Versions are times, and each is later than the one before.
            Optional<Instant> last = state.app(each.id()).map(App::version);
            now = last.isPresent() && !now.isAfter(last.get()) ? last.get().plusMillis(1) : now;
        }
        String id = chance.newName();
        List<App> made = new ArrayList<>();
        for (Wanted each : wanted) {
            Optional<App> before = state.app(each.id());
            App app = before.isPresent()
                    ? form(each, before, now, id, order).after(before.get())
                    : form(each, before, now, id, order);
            apps.put(app, before, decision);
            made.add(app);
        }
        deployments.started(id, decision);
        made.forEach(app -> apps.converge(app.id(), decision));
        return new Accepted(made, made.get(0).deployment().orElseThrow(), notes);
    }

    private static App form(Wanted wanted, Optional<App> before, Instant now, String id, Order order) {
        Action action = action(wanted, before);
        Deployment part = new Deployment(
                id,
                now,
                action,
                action == Action.STOP ? 0 : order.level(wanted.id()),
                Progress.UNDER_WAY,
                before.filter(app -> app.goal() == Goal.RUN).map(App::version));
        if (wanted instanceof Wanted.Put put) {
            return put(put.draft(), before, now, part);
        }
        App app = before.orElseThrow();
        int instances = wanted instanceof Wanted.Scale scale ? scale.instances() : app.instances();
        boolean restart = wanted instanceof Wanted.Restart;
        boolean delete = wanted instanceof Wanted.Delete;
        return new App(
                app.id(),
                now,
                restart ? app.lastScaling() : now,
                restart ? now : app.lastConfigChange(),
                delete ? Goal.DELETE : app.goal(),
                delete ? 0 : instances,
                app.definition(),
                app.source(),
                Optional.of(part),
                app.earlier());
    }

    private static App put(Draft draft, Optional<App> before, Instant now, Deployment part) {
        boolean sameConfig = before.isPresent() && before.get().definition().equals(draft.definition());
        boolean sameScale = before.isPresent() && before.get().instances() == draft.instances();
        return new App(
                draft.id(),
                now,
                sameScale ? before.get().lastScaling() : now,
                sameConfig ? before.get().lastConfigChange() : now,
                Goal.RUN,
                draft.instances(),
                draft.definition(),
                draft.source(),
                Optional.of(part),
                List.of());
    }

    private static Action action(Wanted wanted, Optional<App> before) {
        if (wanted instanceof Wanted.Delete) {
            return Action.STOP;
        }
        if (wanted instanceof Wanted.Restart) {
            return Action.RESTART;
        }
        if (wanted instanceof Wanted.Put put) {
            if (before.isEmpty()) {
                return Action.CREATE;
            }
            boolean same = before.get().definition().equals(put.draft().definition());
            return same || put.draft().instances() == 0 ? Action.SCALE : Action.RESTART;
        }
        return Action.SCALE;
    }

    private static <T> Answer<T> unknown(AppId id) {
        return Answer.refused(Answer.Why.NOT_FOUND, "App '" + id + "' does not exist");
    }

    /** As in Marathon there is no exception to it: neither for what is forced, nor for what makes apps smaller. */
    Optional<Answer<Accepted>> tooMany() {
        return state.changesUnderWay() < policy.mostDeployments()
                ? Optional.empty()
                : Optional.of(Answer.refused(
                        Answer.Why.TOO_MANY,
                        "Max number (" + policy.mostDeployments() + ") of running deployments is achieved. Wait for"
                                + " existing deployments to complete or cancel one using force=true parameter. You can"
                                + " increase max deployment number by api.mostDeployments in the scheduler's"
                                + " configuration but be advised that this can have negative effects on the"
                                + " performance."));
    }

    private static Answer<Accepted> lockedBy(List<String> deployments) {
        return new Answer.Refused<>(
                Answer.Why.LOCKED,
                "App is locked by one or more deployments. Override with the option '?force=true'. View details at"
                        + " '/v2/deployments/<DEPLOYMENT_ID>'.",
                deployments.stream()
                        .map(id -> new FieldError("/deployments", id, ""))
                        .toList());
    }
}
