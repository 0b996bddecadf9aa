package io.mooring.simulation.world;

import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.deployment.Plan;
import io.mooring.simulation.time.Dice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What users want, and say again until they have it. */
final class Users {
    private final Dice dice;
    private final Map<AppId, Wish> wishes = new TreeMap<>();

    /** A volume as an app names it, perhaps with a place for the instance's number. */
    record Named(String name, DriverName driver, TakeoverPolicy takeover) {
        VolumeName of(int instance) {
            return new VolumeName(name.replace(VolumeSpec.INDEX, Integer.toString(instance)));
        }
    }

    /**
     * An app as it should be; no instances: it should not exist.
     *
     * @param most the instances that it has when all is well
     * @param edition of its definition: another one is an upgrade, and an earlier one a rollback
     */
    record Wish(List<Named> volumes, int instances, int most, int edition) {
        static Wish of(List<Named> volumes, int most) {
            return new Wish(volumes, most, most, 1);
        }

        Wish with(int wanted) {
            return new Wish(volumes, wanted, most, edition);
        }

        Wish in(int other) {
            return new Wish(volumes, instances, most, other);
        }
    }

    Users(Dice dice) {
        this.dice = dice;
    }

    void want(AppId app, Wish wish) {
        wishes.put(app, wish);
    }

    Map<AppId, Wish> wishes() {
        return wishes;
    }

    /** Brings the leader's apps to what is wanted. */
    void converge(Decider decider, Decision decision) {
        wishes.forEach((id, wish) -> {
            Optional<App> app = decider.state().app(id);
            if (wish.instances() == 0) {
                if (app.isPresent() && app.get().goal() == App.Goal.RUN) {
                    decider.apps().delete(id, Force.YES, decision);
                }
            } else if (app.isEmpty()) {
                decider.apps().create(draft(id, wish), decision);
            } else if (app.get().instances() != wish.instances()
                    || app.get().goal() == App.Goal.DELETE
                    || edition(app.get()) != wish.edition()) {
                decider.apps().replace(draft(id, wish), Force.YES, decision);
            }
        });
    }

    /** New tasks for an app; or for all at once, in one change; or a change is stopped where it is. */
    void restartOne(Decider decider, Decision decision) {
        List<App> there = decider.state().apps().stream()
                .filter(app -> app.goal() == App.Goal.RUN)
                .toList();
        List<Plan> changes = decider.deployments().all();
        if (dice.chance(0.2) && !there.isEmpty()) {
            List<Wanted> all = there.stream()
                    .<Wanted>map(app -> new Wanted.Restart(app.id()))
                    .toList();
            decider.apps().change(all, Force.YES, decision);
        } else if (dice.chance(0.2) && !changes.isEmpty()) {
            decider.deployments().stop(dice.pick(changes).id(), decision);
        } else {
            decider.apps().restart(dice.pick(List.copyOf(wishes.keySet())), Force.YES, decision);
        }
    }

    private void upgradeOne() {
        AppId app = dice.pick(List.copyOf(wishes.keySet()));
        boolean back = dice.chance(0.4);
        wishes.computeIfPresent(
                app, (id, wish) -> wish.in(back ? Math.max(1, wish.edition() - 1) : wish.edition() + 1));
    }

    private static int edition(App app) {
        return Integer.parseInt(app.definition().environment().getOrDefault("EDITION", "0"));
    }

    /** An app is not wanted any more, or less of it, or wanted again, or in another edition. */
    void changeOne() {
        if (dice.chance(0.4)) {
            upgradeOne();
            return;
        }
        AppId app = dice.pick(List.copyOf(wishes.keySet()));
        boolean less = dice.chance(0.5);
        wishes.computeIfPresent(app, (id, wish) -> {
            int smaller = less ? wish.instances() - 1 : 0;
            return wish.with(wish.instances() > 0 ? smaller : wish.most());
        });
    }

    /** Everything should run in the end. */
    void settle() {
        wishes.replaceAll((id, wish) -> wish.with(wish.most()));
    }

    private static Draft draft(AppId id, Wish wish) {
        List<VolumeSpec> volumes = wish.volumes().stream()
                .map(volume -> new VolumeSpec(
                        new VolumeRequest(
                                volume.driver(),
                                volume.of(0),
                                Map.of(),
                                Optional.empty(),
                                MountMode.READ_WRITE,
                                AccessMode.SINGLE_WRITER,
                                CreatePolicy.IF_MISSING),
                        volume.takeover(),
                        ReclaimPolicy.RETAIN,
                        Optional.of(volume.name()).filter(name -> name.contains(VolumeSpec.INDEX))))
                .toList();
        Definition definition = new Definition(
                Optional.of("write"),
                List.of(),
                Optional.empty(),
                new Resources(0.1, 32, 0),
                List.of(),
                Map.of("EDITION", Integer.toString(wish.edition())),
                Map.of(),
                List.of(),
                List.of(),
                volumes,
                List.of(),
                new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60)),
                Duration.ofSeconds(5));
        return new Draft(id, wish.instances(), definition, Optional.empty(), "{}");
    }
}
