package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.SerializationFeature;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.jetty.HttpConnectorFactory;
import jakarta.ws.rs.Priorities;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;

/** The whole API in one place: what is served, and how what goes wrong is told. */
public final class Api {
    private Api() {}

    public static void serve(
            ServerFactory server,
            Environment environment,
            EngineAccess engine,
            Surroundings surroundings,
            EventStream events,
            Optional<Users> users) {
        Connectors connectors = Connectors.of(server);
        takeMarathonsPaths(connectors, environment);
        if (users.isEmpty()) {
            connectors.keepToThisMachine();
        }
        connectors.keepAdminToThisMachine();
        environment.getApplicationContext().insertHandler(new LeaderRoute(engine, surroundings));
        environment.getObjectMapper().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        JerseyEnvironment jersey = environment.jersey();
        // Jersey holds back what is flushed until this many bytes are there; events have to leave at once.
        jersey.property("jersey.config.server.contentLength.buffer", 0);
        users.ifPresent(known -> jersey.getResourceConfig().register(new Door(known), Priorities.AUTHENTICATION));
        jersey.register(new BodyLimit());
        jersey.register(new NotLeadingMapper());
        jersey.register(new BadJsonMapper());
        jersey.register(new RefusalMapper());
        jersey.register(new AppsResource(engine, surroundings));
        jersey.register(new AppTasksResource(engine));
        jersey.register(new TasksResource(engine));
        jersey.register(new AppVersionsResource(engine));
        AppDrafts drafts = new AppDrafts(engine, surroundings);
        jersey.register(new DeploymentsResource(engine, drafts));
        jersey.register(new GroupsResource(engine, drafts));
        jersey.register(new MetricsResource(environment.metrics()));
        jersey.register(new MarathonResource(engine, surroundings));
        jersey.register(new VolumesResource(engine));
        jersey.register(new RebuildResource(engine, surroundings));
        jersey.register(new HoldsResource(engine));
        jersey.register(new ClaimsResource(engine));
        jersey.register(new ClusterResource(engine, surroundings));
        jersey.register(new SchemaResource());
        jersey.register(events);
        jersey.register(events.marathon());
        jersey.register(new PostedApps(events.marathon()));
        jersey.register(new ChangedGroups(events.marathon()));
        DiscrepancyGauges.register(environment.metrics(), engine);
        environment.lifecycle().addServerLifecycleListener(started -> started.setErrorHandler(new EarlyRefusal()));
    }

    /** Marathon's clients put an app's id with its leading slash behind {@code /v2/apps/}; Jetty refuses that by default. */
    private static void takeMarathonsPaths(Connectors connectors, Environment environment) {
        for (HttpConnectorFactory http : connectors.application()) {
            http.setUriCompliance(UriCompliance.RFC3986.with(
                    "MARATHON",
                    UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                    // A name with an encoded slash gets the answer that any other wrong name gets.
                    UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                    UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        }
        environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
    }
}
