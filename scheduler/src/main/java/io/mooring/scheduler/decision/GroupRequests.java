package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.deployment.Plan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What users ask of groups: the apps below a path, and the path itself, which stays when no app is left. */
public final class GroupRequests {
    /** Of all groups that were asked for; they are read one by one when a leader begins. */
    private static final int MOST = 10_000;

    /** In one change, which is recorded in one transaction. */
    private static final int MOST_AT_ONCE = 100;

    private final ClusterState state;
    private final AppRequests apps;
    private final Chance chance;

    GroupRequests(ClusterState state, AppRequests apps, Chance chance) {
        this.state = state;
        this.apps = apps;
        this.chance = chance;
    }

    /**
     * What is wanted of a group.
     *
     * @param apps what is wanted of the apps in it and below it
     * @param made paths of groups that are to be there
     * @param dropped paths of groups that are not
     */
    public record Wish(List<Wanted> apps, List<String> made, List<String> dropped) {
        public Wish {
            apps = List.copyOf(apps);
            made = List.copyOf(made);
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * A change that was taken.
     *
     * @param deployment its id; of a change without apps, which is done at once, too
     */
    public record Changed(String deployment, Instant version, List<String> notes) {
        public Changed {
            notes = List.copyOf(notes);
        }
    }

    /** Apps and groups together, or nothing of it. */
    public Answer<Changed> change(Wish wish, Force force, Decision decision) {
        Optional<Answer.Refused<Changed>> wrong = check(wish);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (wish.apps().isEmpty()) {
            Instant now = decision.now().truncatedTo(ChronoUnit.MILLIS);
            record(wish, now, decision);
            return Answer.ok(new Changed(chance.newName(), now, List.of()));
        }
        Answer<Accepted> answer = apps.change(wish.apps(), force, decision);
        if (answer instanceof Answer.Refused<Accepted> refused) {
            return refused.as();
        }
        Accepted accepted = ((Answer.Ok<Accepted>) answer).value();
        record(wish, accepted.deployment().version(), decision);
        return Answer.ok(
                new Changed(accepted.deployment().id(), accepted.deployment().version(), accepted.notes()));
    }

    /** What a change would do, step by step; empty for one without apps. Nothing is changed, and nobody's lock asked. */
    public Answer<List<Plan.Step>> preview(Wish wish, Decision decision) {
        Optional<Answer.Refused<Changed>> wrong = check(wish);
        if (wrong.isPresent()) {
            return wrong.get().as();
        }
        return wish.apps().isEmpty() ? Answer.ok(List.of()) : apps.preview(wish.apps(), decision);
    }

    private void record(Wish wish, Instant version, Decision decision) {
        Set<String> there = state.groups().stream().map(Group::path).collect(Collectors.toSet());
        wish.dropped().stream()
                .filter(there::contains)
                .forEach(path -> decision.record(new StoreRecord.RemoveGroup(path)));
        wish.made().forEach(path -> decision.record(new StoreRecord.PutGroup(new Group(path, version))));
    }

    private Optional<Answer.Refused<Changed>> check(Wish wish) {
        Optional<Answer<Accepted>> tooMany = apps.tooMany();
        if (tooMany.isPresent()) {
            Answer<Changed> refused = ((Answer.Refused<Accepted>) tooMany.get()).as();
            return Optional.of((Answer.Refused<Changed>) refused);
        }
        for (String path : wish.made()) {
            if (appAtOrAbove(path, wish.apps())) {
                return Optional.of(new Answer.Refused<>(
                        Answer.Why.CONFLICT, "An app with the path " + path + " already exists.", List.of()));
            }
        }
        List<FieldError> errors = new ArrayList<>();
        int changed = wish.made().size() + wish.dropped().size();
        if (changed > MOST_AT_ONCE || state.groups().size() + wish.made().size() > MOST) {
            errors.add(new FieldError(
                    "",
                    "is a change of " + changed + " groups beside "
                            + state.groups().size(),
                    "at most " + MOST_AT_ONCE + " groups at once, and " + MOST + " in all"));
        }
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of(new Answer.Refused<>(Answer.Why.INVALID, "Object is not valid", errors));
    }

    private boolean appAtOrAbove(String path, List<Wanted> wanted) {
        Stream<AppId> put = wanted.stream().filter(Wanted.Put.class::isInstance).map(Wanted::id);
        List<AppId> gone = wanted.stream()
                .filter(Wanted.Delete.class::isInstance)
                .map(Wanted::id)
                .toList();
        Stream<AppId> there = state.apps().stream().map(App::id).filter(app -> !gone.contains(app));
        return Stream.concat(put, there).anyMatch(app -> path.equals(app.path()) || path.startsWith(app.path() + "/"));
    }
}
