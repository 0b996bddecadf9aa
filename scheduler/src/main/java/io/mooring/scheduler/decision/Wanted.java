package io.mooring.scheduler.decision;

import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.AppId;

/** What a request wants of one app. Several of them make one change, which is taken as a whole or not at all. */
public sealed interface Wanted {
    AppId id();

    /** The app as the draft says, whether it is there or not. */
    record Put(Draft draft) implements Wanted {
        @Override
        public AppId id() {
            return draft.id();
        }
    }

    /** The same app with new tasks. */
    record Restart(AppId id) implements Wanted {}

    /** The same app with another number of tasks. */
    record Scale(AppId id, int instances) implements Wanted {}

    /** No such app. */
    record Delete(AppId id) implements Wanted {}
}
