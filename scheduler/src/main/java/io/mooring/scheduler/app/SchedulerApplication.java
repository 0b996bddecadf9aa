package io.mooring.scheduler.app;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.mooring.scheduler.rest.Api;
import io.mooring.scheduler.rest.Users;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

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
    public void run(SchedulerConfiguration configuration, Environment environment) throws IOException {
        MesosConnection mesos = MesosConnection.read(configuration.mesos());
        mesos.principal(configuration.framework().principal()); // a mistake is said now, not once it leads
        SchedulerAssembly assembly = new SchedulerAssembly(configuration, mesos);
        Api.serve(
                configuration.getServerFactory(),
                environment,
                assembly.engine(),
                assembly,
                assembly.events(),
                users(configuration));
        environment.healthChecks().register("mesos", assembly.mesosHealth());
        environment.healthChecks().register("zookeeper", assembly.zooKeeperHealth());
        environment.lifecycle().manage(assembly);
        environment.lifecycle().addServerLifecycleListener(assembly::serving);
    }

    private static Optional<Users> users(SchedulerConfiguration configuration) throws IOException {
        String file = configuration.api().users();
        return file == null ? Optional.empty() : Optional.of(Users.read(Path.of(file)));
    }

    public static void main(String[] arguments) throws Exception {
        new SchedulerApplication().run(arguments);
    }
}
