package io.mooring.scheduler.engine;

import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The port to earlier versions of apps, which no decision needs, and which are read only when somebody asks. */
public interface Versions {
    /** The version; empty if it is not kept (any more). */
    CompletionStage<Optional<AppVersion>> earlier(AppId app, Instant version);
}
