package io.mooring.simulation.scheduler;

import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.engine.Engine;
import io.mooring.simulation.check.CommitCheck;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.mesos.Master;
import io.mooring.simulation.rule.Variation;
import io.mooring.simulation.store.Ensemble;
import java.util.Optional;

/** One scheduler's process: stands for election, leads, dies, and is started again by whoever watches over it. */
public final class SchedulerProcess {
    private final Site site;
    private final String name;
    private Optional<Life> life = Optional.empty();
    private int lives;

    /**
     * Everything that schedulers have around them.
     *
     * @param check is asked what a launch was granted
     */
    public record Site(
            Surroundings around,
            Ensemble ensemble,
            Master master,
            CommitCheck check,
            Variation variation,
            Reign.Settings settings) {}

    public SchedulerProcess(Site site, String name) {
        this.site = site;
        this.name = name;
    }

    /** One life of the process, from its start to its end. */
    private final class Life {
        private final String self = name + "#" + ++lives;
        private Ensemble.Session session;
        private Optional<Reign> reign = Optional.empty();
        private long pausedUntil;
        private boolean dead;

        private void begin() {
            site.around().trace().note(self, "starts");
            session = site.ensemble().join(self, this::elected, this::lost);
        }

        private void elected() {
            awake(() -> site.ensemble()
                    .begin(
                            session,
                            term -> awake(() -> {
                                reign = Optional.of(new Reign(site, self, term, this::awake, this::over));
                                reign.get().start();
                            })));
        }

        private void lost() {
            awake(() -> over("the session is lost"));
        }

        /** Has something done as soon as the process is not paused; never if it is dead. */
        private void awake(Runnable what) {
            if (dead) {
                return;
            }
            long now = site.around().agenda().now();
            if (now < pausedUntil) {
                site.around().agenda().in(pausedUntil - now, () -> awake(what));
            } else {
                what.run();
            }
        }

        /** It steps down, says goodbye, and is started again. */
        private void over(String why) {
            site.around().trace().note(self, "steps down", why);
            die();
            session.end(0);
        }

        private void die() {
            dead = true;
            life = Optional.empty();
            reign.ifPresent(Reign::end);
            if (!site.around().faults().calm() || site.around().dice().chance(0.5)) {
                site.around().agenda().in(site.around().dice().millis(500, 5_000), SchedulerProcess.this::start);
            } else {
                start();
            }
        }
    }

    public void start() {
        if (life.isEmpty()) {
            life = Optional.of(new Life());
            life.get().begin();
        }
    }

    /** Killed at once: its session lives on until it times out. */
    public void crash() {
        life.ifPresent(now -> {
            site.around().trace().note(now.self, "killed");
            now.die();
            now.session.end(site.ensemble().sessionTimeout());
        });
    }

    /** Stands still, as in a long collection of garbage; the ensemble gives it up meanwhile if it lasts. */
    public void pause(long millis) {
        life.ifPresent(now -> {
            site.around().trace().note(now.self, "paused", Long.toString(millis));
            now.pausedUntil = site.around().agenda().now() + millis;
            if (millis > site.ensemble().sessionTimeout()) {
                now.session.end(site.ensemble().sessionTimeout());
            }
        });
    }

    /** The ensemble gives its session up, and it learns that late. */
    public void loseSession() {
        life.ifPresent(now -> {
            now.pausedUntil = Math.max(
                    now.pausedUntil,
                    site.around().agenda().now() + site.around().dice().millis(0, 200));
            now.session.end(0);
        });
    }

    /** The epoch under which it leads, as far as it knows; empty if it does not. */
    public Optional<Long> leads() {
        return life.flatMap(now -> now.reign).map(Reign::epoch);
    }

    /** Something that users want, of the leader. */
    public void ask(Engine.Reaction wish) {
        life.flatMap(now -> now.reign).ifPresent(reign -> reign.hear(wish));
    }

    /** What this leader knows, for the end of a seed; only to be read. */
    public void look(Engine.Reaction look) {
        life.flatMap(now -> now.reign)
                .ifPresent(reign -> look.react(
                        reign.decider(),
                        new Decision(
                                reign.decider().state(), site.around().agenda().instant())));
    }
}
