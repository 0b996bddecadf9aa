package io.mooring.scheduler.definition;

import java.time.Instant;

/** An app as it was: what is needed to show it, and to bring it back. */
public record AppVersion(
        AppId app, Instant version, Instant lastScaling, Instant lastConfigChange, int instances, String source) {
    public static AppVersion of(App app) {
        return new AppVersion(
                app.id(), app.version(), app.lastScaling(), app.lastConfigChange(), app.instances(), app.source());
    }
}
