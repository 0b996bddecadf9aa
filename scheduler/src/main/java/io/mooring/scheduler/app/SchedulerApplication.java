package io.mooring.scheduler.app;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.mooring.scheduler.rest.Api;

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
        SchedulerAssembly assembly = new SchedulerAssembly(configuration);
        Api.serve(configuration.getServerFactory(), environment, assembly.engine(), assembly, assembly.events());
        environment.healthChecks().register("mesos", assembly.mesosHealth());
        environment.healthChecks().register("zookeeper", assembly.zooKeeperHealth());
        environment.lifecycle().manage(assembly);
        environment.lifecycle().addServerLifecycleListener(assembly::serving);
    }

    public static void main(String[] arguments) throws Exception {
        new SchedulerApplication().run(arguments);
    }
}
