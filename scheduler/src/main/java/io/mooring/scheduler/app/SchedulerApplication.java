package io.mooring.scheduler.app;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.mooring.scheduler.rest.Api;
import io.mooring.scheduler.rest.ExecutorDownload;
import io.mooring.scheduler.rest.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

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
        Optional<ExecutorArchive> archive = archive(configuration.executor());
        SchedulerAssembly assembly = new SchedulerAssembly(configuration, mesos, archive);
        Api.serve(
                configuration.getServerFactory(),
                environment,
                assembly.engine(),
                assembly,
                assembly.events(),
                users(configuration));
        archive.ifPresent(served ->
                environment.getApplicationContext().insertHandler(new ExecutorDownload(served.file(), served.name())));
        environment.healthChecks().register("mesos", assembly.mesosHealth());
        environment.healthChecks().register("zookeeper", assembly.zooKeeperHealth());
        environment.lifecycle().manage(assembly);
        environment.lifecycle().addServerLifecycleListener(assembly::serving);
    }

    private static Optional<ExecutorArchive> archive(SchedulerConfiguration.Executor executor) throws IOException {
        if (executor.delivery() == SchedulerConfiguration.Delivery.INSTALLED) {
            return Optional.empty();
        }
        Path work = Files.createTempDirectory("mooring-executor-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work), "executor-archive"));
        return Optional.of(ExecutorArchive.make(home(executor), executor.runtime(), work));
    }

    /** The launchers name the executor's program, which lies in its folder's {@code bin}. */
    private static Path home(SchedulerConfiguration.Executor executor) {
        return executor.home() == null
                ? Path.of(System.getProperty("mooring.executor", "executor/bin/mooring-executor"))
                        .toAbsolutePath()
                        .getParent()
                        .getParent()
                : Path.of(executor.home());
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("mooring: " + folder + " could not be deleted: " + e.getMessage());
        }
    }

    private static Optional<Users> users(SchedulerConfiguration configuration) throws IOException {
        String file = configuration.api().users();
        return file == null ? Optional.empty() : Optional.of(Users.read(Path.of(file)));
    }

    public static void main(String[] arguments) throws Exception {
        new SchedulerApplication().run(arguments);
    }
}
