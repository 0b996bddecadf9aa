package io.mooring.scheduler.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.Duration;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.mesoshttp.TlsFiles;
import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.Policy.DriverPolicy;
import io.mooring.scheduler.decision.Policy.Sharing;
import io.mooring.scheduler.detection.Masters;
import io.mooring.scheduler.marathon.ContainerPolicy;
import io.mooring.scheduler.mesos.FrameworkSettings.OptionalCapability;
import io.mooring.scheduler.volume.FenceClass;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Everything an operator can set, as it stands in the scheduler's configuration file. */
public final class SchedulerConfiguration extends Configuration {
    @Valid
    @NotNull
    @JsonProperty
    private ZooKeeper zookeeper;

    @Valid
    @NotNull
    @JsonProperty
    private Mesos mesos;

    @Valid
    @NotNull
    @JsonProperty
    private Framework framework =
            new Framework(null, null, null, null, null, null, null, null, null, null, null, null, null);

    @Valid
    @NotNull
    @JsonProperty
    private Executor executor;

    @Valid
    @NotNull
    @JsonProperty
    private Storage storage = new Storage(null, null, null, null, null);

    @Valid
    @NotNull
    @JsonProperty
    private Docker docker = new Docker(null, null);

    @Valid
    @NotNull
    @JsonProperty
    private ApiAccess api = new ApiAccess(null, null);

    @Valid
    @NotNull
    @JsonProperty
    private Claims claims = new Claims(null, null, null);

    @JsonProperty
    private String advertise;

    public ZooKeeper zookeeper() {
        return zookeeper;
    }

    public Mesos mesos() {
        return mesos;
    }

    public Framework framework() {
        return framework;
    }

    public Executor executor() {
        return executor;
    }

    public Storage storage() {
        return storage;
    }

    public Docker docker() {
        return docker;
    }

    public ApiAccess api() {
        return api;
    }

    public Claims claims() {
        return claims;
    }

    /** The address under which others reach this scheduler; null for the host name and port. */
    public String advertise() {
        return advertise;
    }

    /**
     * What apps with an image may ask of agents, beside volumes.
     *
     * @param allowPrivileged whether containers may be privileged; such a container can use any volume of its agent
     * @param hostBinds directories of agents that may be bound into containers, with all below them
     */
    public record Docker(Boolean allowPrivileged, List<String> hostBinds) {
        public Docker {
            allowPrivileged = allowPrivileged != null && allowPrivileged;
            hostBinds = hostBinds == null ? List.of() : hostBinds;
            policy(allowPrivileged, hostBinds);
        }

        ContainerPolicy policy() {
            return policy(allowPrivileged, hostBinds);
        }

        private static ContainerPolicy policy(boolean privileged, List<String> binds) {
            return new ContainerPolicy(privileged ? Privilege.FULL : Privilege.USUAL, binds);
        }
    }

    /**
     * Who may use the API, and how much.
     *
     * @param users a file with names, roles and secrets; null for everybody on this machine
     * @param mostDeployments how many changes of apps may be on their way for another one to be taken
     */
    public record ApiAccess(String users, @Min(1) Integer mostDeployments) {
        public ApiAccess {
            mostDeployments = mostDeployments == null
                    ? Integer.valueOf(Policy.Requests.usual().mostDeployments())
                    : mostDeployments;
        }
    }

    /**
     * The claim service, for tasks that other frameworks run.
     *
     * @param heartbeatEvery how often their executors are to be heard of
     * @param suspectAfter how long they may be silent until their claims are suspect; nothing is released by that
     * @param most how many of their tasks may hold claims at once
     */
    public record Claims(
            Duration heartbeatEvery,
            Duration suspectAfter,
            @Min(1) Integer most) {
        public Claims {
            Policy.Foreign usual = Policy.Foreign.usual();
            heartbeatEvery = heartbeatEvery == null
                    ? Duration.milliseconds(usual.heartbeatEvery().toMillis())
                    : heartbeatEvery;
            suspectAfter = suspectAfter == null
                    ? Duration.milliseconds(usual.suspectAfter().toMillis())
                    : suspectAfter;
            most = most == null ? Integer.valueOf(usual.most()) : most;
            if (heartbeatEvery.toMilliseconds() < 100
                    || suspectAfter.toMilliseconds() < 2 * heartbeatEvery.toMilliseconds()) {
                throw new IllegalArgumentException("claims.heartbeatEvery is " + heartbeatEvery
                        + " and claims.suspectAfter " + suspectAfter
                        + "; the first has to be 100 ms at least, and the second twice the first, so that one lost"
                        + " heartbeat means nothing");
            }
        }

        Policy.Foreign policy() {
            return new Policy.Foreign(
                    java.time.Duration.ofMillis(heartbeatEvery.toMilliseconds()),
                    java.time.Duration.ofMillis(suspectAfter.toMilliseconds()),
                    most);
        }
    }

    /**
     * The store.
     *
     * @param connect {@code host:port,host:port/root}; the root belongs to this framework alone
     * @param epochFile where this machine remembers the highest epoch that it has seen, by which it notices that
     *     ZooKeeper was restored from an older copy; schedulers on one machine may share it
     */
    public record ZooKeeper(@NotEmpty String connect, Duration sessionTimeout, String epochFile) {
        public ZooKeeper {
            epochFile = epochFile == null ? "mooring-epoch.json" : epochFile;
            sessionTimeout = sessionTimeout == null ? Duration.seconds(20) : sessionTimeout;
        }
    }

    /**
     * The cluster.
     *
     * @param masters {@code host:port}, several of them, {@code zk://user:password@host:port/path}, or {@code
     *     file:///path} of a file with one of these
     * @param credential the file with the framework's principal and secret; null where masters do not authenticate
     * @param tls null for plain HTTP
     */
    public record Mesos(
            @NotEmpty @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<String> masters,

            DriverKind driver,
            String credential,
            @Valid Tls tls) {
        public Mesos {
            driver = driver == null ? DriverKind.HTTP : driver;
        }

        /** Without a password that may be in the masters. */
        @Override
        public String toString() {
            return "Mesos[masters=" + Masters.withoutPassword(String.join(",", masters)) + ", driver=" + driver
                    + ", credential=" + credential + ", tls=" + tls + "]";
        }
    }

    /** What speaks to Mesos. */
    public enum DriverKind {
        /** Mooring itself, over the v1 HTTP API. */
        HTTP,
        /** libmesos, which has to be installed. */
        NATIVE;

        @JsonCreator
        static DriverKind of(String written) {
            return switch (written) {
                case "http" -> HTTP;
                case "native" -> NATIVE;
                default ->
                    throw new IllegalArgumentException(
                            "mesos.driver is '" + written + "'; it has to be 'http' or 'native'");
            };
        }
    }

    /**
     * How masters are spoken to by TLS; all files in PEM.
     *
     * @param authorities who signs the masters' certificates; null for whom the JVM trusts
     * @param certificate this scheduler's own, if masters ask for it
     * @param key the certificate's, without a passphrase
     * @param verifyHost whether a certificate has to name the host that was asked for
     */
    public record Tls(String authorities, String certificate, String key, Boolean verifyHost) {
        public Tls {
            verifyHost = verifyHost == null || verifyHost;
        }

        TlsFiles files() {
            return new TlsFiles(
                    Optional.ofNullable(authorities).map(Path::of),
                    Optional.ofNullable(certificate).map(Path::of),
                    Optional.ofNullable(key).map(Path::of),
                    verifyHost ? TlsFiles.Verification.CHAIN_AND_HOST : TlsFiles.Verification.CHAIN);
        }
    }

    /**
     * How Mooring registers.
     *
     * @param principal null for the credential's
     * @param failoverTimeout how long Mesos keeps the tasks while no scheduler is there; weeks
     * @param checkpoint whether tasks outlive a restart of their agent
     * @param hostname null for the host of the API
     * @param webuiUrl null for the API's address
     * @param capabilities {@code REGION_AWARE}, {@code GPU_RESOURCES}
     * @param offerFilters by role, the least that an offer has to have: a list of amounts, one of which it has to reach
     * @param offerConstraints whether Mesos may be asked for the offers of some agents only
     * @param startOver the id of a framework that Mesos removed, in whose place a new one may be registered
     */
    public record Framework(
            String name,
            String user,
            List<String> roles,
            String principal,
            Duration failoverTimeout,
            Boolean checkpoint,
            String hostname,
            String webuiUrl,
            Map<String, String> labels,
            Set<OptionalCapability> capabilities,
            Map<String, List<Map<String, Double>>> offerFilters,
            Boolean offerConstraints,
            String startOver) {
        public Framework {
            name = name == null ? "mooring" : name;
            user = user == null ? "root" : user;
            roles = roles == null ? List.of("*") : roles;
            failoverTimeout = failoverTimeout == null ? Duration.days(28) : failoverTimeout;
            checkpoint = checkpoint == null || checkpoint;
            labels = labels == null ? Map.of() : labels;
            capabilities = capabilities == null ? Set.of() : capabilities;
            offerFilters = offerFilters == null ? Map.of() : offerFilters;
            offerConstraints = offerConstraints == null || offerConstraints;
            FrameworkRules.check(name, user, roles, failoverTimeout.toMilliseconds(), offerFilters);
        }
    }

    /**
     * The executor on the agents.
     *
     * @param delivery whether it lies on every agent, or agents fetch it from here
     * @param command its path on the agents, where it is installed
     * @param home where it lies here, to be served; null for the folder {@code executor} of this installation
     * @param runtime whose Java runs a served one
     * @param url the address under which agents reach this scheduler; null for the advertised one
     * @param user who runs it; null for the framework's user
     * @param memMb what it needs beside its task, in MiB
     */
    public record Executor(
            Delivery delivery,
            String command,
            String home,
            ExecutorRuntime runtime,
            String url,
            String user,
            @Min(0) Double cpus,
            @Min(0) Double memMb,
            Duration shutdownGrace) {
        public Executor {
            delivery = delivery == null ? Delivery.INSTALLED : delivery;
            runtime = runtime == null ? ExecutorRuntime.AGENT : runtime;
            cpus = cpus == null ? 0.05 : cpus;
            memMb = memMb == null ? 96.0 : memMb;
            shutdownGrace = shutdownGrace == null ? Duration.seconds(180) : shutdownGrace;
            if (delivery == Delivery.INSTALLED && (command == null || command.isEmpty())) {
                throw new IllegalArgumentException(
                        "executor.command is missing; it has to be the executor's path on the"
                                + " agents, such as /opt/mooring/bin/mooring-executor, or executor.delivery has to be 'served'");
            }
            if (delivery == Delivery.SERVED && command != null) {
                throw new IllegalArgumentException("executor.command is '" + command
                        + "', and executor.delivery is 'served': one of them has to go");
            }
        }
    }

    /** Which Java runs an executor that is served. */
    public enum ExecutorRuntime {
        /** The one that is found on the agent. */
        AGENT,
        /** One that comes with it. */
        BUNDLED;

        @JsonCreator
        static ExecutorRuntime of(String written) {
            return switch (written) {
                case "agent" -> AGENT;
                case "bundled" -> BUNDLED;
                default ->
                    throw new IllegalArgumentException(
                            "executor.runtime is '" + written + "'; it has to be 'agent' or 'bundled'");
            };
        }
    }

    /** How the executor comes to the agents. */
    public enum Delivery {
        /** Somebody puts it there. */
        INSTALLED,
        /** The agents' fetchers get it from the scheduler. */
        SERVED;

        @JsonCreator
        static Delivery of(String written) {
            return switch (written) {
                case "installed" -> INSTALLED;
                case "served" -> SERVED;
                default ->
                    throw new IllegalArgumentException(
                            "executor.delivery is '" + written + "'; it has to be 'installed' or 'served'");
            };
        }
    }

    /**
     * What is to be known of the storage.
     *
     * @param aliases driver names in app definitions, and the plugin that is meant
     * @param drivers plugins by name, with their class
     * @param defaultVolumeGb the size of a volume that states none
     * @param defaultVolumePath where a task sees a volume without a container path
     * @param takeover when a volume is taken from a holder that nobody reaches
     */
    public record Storage(
            Map<String, String> aliases,
            @Valid Map<String, Driver> drivers,
            @Min(1) Long defaultVolumeGb,
            String defaultVolumePath,
            @Valid Takeover takeover) {
        public Storage {
            aliases = aliases == null ? Map.of() : aliases;
            drivers = drivers == null ? Map.of() : drivers;
            defaultVolumeGb = defaultVolumeGb == null ? 16L : defaultVolumeGb;
            defaultVolumePath = defaultVolumePath == null ? "/var/lib/rexray/volumes/{name}" : defaultVolumePath;
            takeover = takeover == null ? new Takeover(null, null, null, null, null) : takeover;
        }

        Map<DriverName, DriverName> resolvedAliases() {
            Map<DriverName, DriverName> resolved = new TreeMap<>();
            aliases.forEach((alias, plugin) -> resolved.put(new DriverName(alias), new DriverName(plugin)));
            return resolved;
        }

        Map<DriverName, DriverPolicy> policies() {
            Map<DriverName, DriverPolicy> policies = new TreeMap<>();
            drivers.forEach((name, driver) ->
                    policies.put(new DriverName(name), new DriverPolicy(driver.fenceClass(), driver.sharing())));
            return policies;
        }
    }

    /**
     * One plugin.
     *
     * @param sharing {@code SHARED} for a file system that several machines may write to; otherwise {@code EXCLUSIVE}
     */
    public record Driver(@NotNull @JsonProperty("class") FenceClass fenceClass, Sharing sharing) {
        public Driver {
            sharing = sharing == null ? Sharing.EXCLUSIVE : sharing;
        }
    }

    /**
     * When evidence is looked for, or made, about a holder out of contact. None of it releases anything by itself.
     *
     * @param suspectGrace from the loss of contact to the fence of a volume with {@code takeover: fence}
     * @param observeEvery between two looks at the backend
     * @param settle two looks that far apart have to agree
     * @param compareEvery between two comparisons of claims, tasks and attachments
     * @param brakeShare the share of agents whose loss at about the same time pulls the disaster brake
     */
    public record Takeover(
            Duration suspectGrace, Duration observeEvery, Duration settle, Duration compareEvery, Double brakeShare) {
        public Takeover {
            require("suspectGrace", suspectGrace);
            require("observeEvery", observeEvery);
            require("settle", settle);
            require("compareEvery", compareEvery);
            if (brakeShare != null && !(brakeShare > 0 && brakeShare <= 1)) {
                throw new IllegalArgumentException("storage.takeover.brakeShare is " + brakeShare
                        + "; it has to be a share of all agents, above 0 and at most 1");
            }
        }

        private static void require(String key, Duration set) {
            if (set != null && set.toMilliseconds() < 1000) {
                throw new IllegalArgumentException(
                        "storage.takeover." + key + " is " + set + "; it has to be a second at least");
            }
        }

        Policy.Takeover policy() {
            Policy.Takeover usual = Policy.Takeover.usual();
            return new Policy.Takeover(
                    or(suspectGrace, usual.suspectGrace()),
                    or(observeEvery, usual.observeEvery()),
                    or(settle, usual.settle()),
                    or(compareEvery, usual.compareEvery()),
                    brakeShare == null ? usual.brakeShare() : brakeShare);
        }

        private static java.time.Duration or(Duration set, java.time.Duration usual) {
            return set == null ? usual : java.time.Duration.ofMillis(set.toMilliseconds());
        }
    }
}
