package io.mooring.scheduler.app;

import com.fasterxml.jackson.databind.SerializationFeature;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.mooring.scheduler.rest.AppsResource;
import io.mooring.scheduler.rest.BadJsonMapper;
import io.mooring.scheduler.rest.ClusterResource;
import io.mooring.scheduler.rest.MarathonResource;
import io.mooring.scheduler.rest.NotLeadingMapper;
import io.mooring.scheduler.rest.VolumesResource;

/** The scheduler's process. */
public final class SchedulerApplication extends Application<SchedulerConfiguration> {
    @Override
    public String getName() {
        return "mooring-scheduler";
    }

    @Override
    public void initialize(Bootstrap<SchedulerConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new SubstitutingSourceProvider(
                bootstrap.getConfigurationSourceProvider(),
                new org.apache.commons.text.StringSubstitutor(System.getenv())));
    }

    @Override
    public void run(SchedulerConfiguration configuration, Environment environment) {
        environment.getObjectMapper().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        // Jersey holds back what is flushed until this many bytes are there; events have to leave at once.
        environment.jersey().property("jersey.config.server.contentLength.buffer", 0);
        SchedulerAssembly assembly = new SchedulerAssembly(configuration);
        environment.jersey().register(new NotLeadingMapper());
        environment.jersey().register(new BadJsonMapper());
        environment.jersey().register(new AppsResource(assembly.engine()));
        environment.jersey().register(new MarathonResource(assembly.engine(), assembly));
        environment.jersey().register(new VolumesResource(assembly.engine()));
        environment.jersey().register(new ClusterResource(assembly.engine(), assembly));
        environment.jersey().register(assembly.events());
        environment.healthChecks().register("mesos", assembly.mesosHealth());
        environment.healthChecks().register("zookeeper", assembly.zooKeeperHealth());
        environment.lifecycle().manage(assembly);
        environment.lifecycle().addServerLifecycleListener(assembly::serving);
    }

    public static void main(String[] arguments) throws Exception {
        new SchedulerApplication().run(arguments);
    }
}
