package io.mooring.simulation.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Runs blocking work on the one thread of the simulation. A call that would block is begun, and the work is left; when
 * its answer is there the work is run again from its beginning, and each call that was answered before answers the same
 * at once. So the product's own code runs as it is, while virtual time passes in the middle of it. It demands that the
 * work does the same again when its calls answer the same, and that what it does beside calls may be done twice.
 */
final class Workers implements Executor {
    private final Consumer<Runnable> soon;
    private final SuspendedException suspended = new SuspendedException();
    private Errand current;

    /** @param soon has something run a little later, unless the process is dead by then */
    Workers(Consumer<Runnable> soon) {
        this.soon = soon;
    }

    /** Something that is begun now and answered later, never at once. */
    interface Call<T> {
        void begin(Consumer<T> answer);
    }

    private final class Errand implements Runnable {
        private final Runnable work;
        private final List<Object> answers = new ArrayList<>();
        private int at;

        private Errand(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            at = 0;
            current = this;
            try {
                work.run();
            } catch (SuspendedException e) {
                // The answer runs it again.
            } finally {
                current = null;
            }
        }
    }

    /** Leaves the work in the middle of a call. */
    private static final class SuspendedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private SuspendedException() {
            super("suspended", null, false, false);
        }
    }

    @Override
    public void execute(Runnable work) {
        soon.accept(new Errand(work));
    }

    /** A call in the middle of some work: its answer, or the way out until there is one. */
    <T> T await(Call<T> call) {
        Errand errand = current;
        if (errand.at < errand.answers.size()) {
            @SuppressWarnings("unchecked") // the same work asks the same again
            T answer = (T) errand.answers.get(errand.at);
            errand.at++;
            return answer;
        }
        call.begin(answer -> {
            errand.answers.add(answer);
            soon.accept(errand);
        });
        throw suspended;
    }
}
