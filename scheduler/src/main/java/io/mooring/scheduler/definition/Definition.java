package io.mooring.scheduler.definition;

import io.mooring.common.container.DockerContainer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one instance of an app is: the part of Marathon's app definition that decides how a task is placed and run. The
 * definition as the user wrote it is kept beside it, in {@link App}.
 *
 * @param command given to the shell; empty when {@code arguments} is used, or when the image says what is run
 * @param acceptedRoles roles whose resources may be used; empty means any that is offered
 * @param killGrace from SIGTERM to SIGKILL
 * @param container what the Docker Engine runs it in, each of its ports being the one of the same place in {@code ports};
 *     empty for processes on the agent's own file system
 * @param upkeep how its tasks are looked after
 */
public record Definition(
        Optional<String> command,
        List<String> arguments,
        Optional<String> user,
        Resources resources,
        List<PortRequest> ports,
        Map<String, String> environment,
        Map<String, String> labels,
        List<Constraint> constraints,
        List<String> acceptedRoles,
        List<VolumeSpec> volumes,
        List<FetchUri> fetch,
        Backoff backoff,
        Duration killGrace,
        Optional<DockerContainer> container,
        Upkeep upkeep) {
    public Definition {
        // A definition that an earlier version recorded says nothing of it.
        upkeep = upkeep == null ? Upkeep.USUAL : upkeep;
        arguments = List.copyOf(arguments);
        ports = List.copyOf(ports);
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        constraints = List.copyOf(constraints);
        acceptedRoles = List.copyOf(acceptedRoles);
        volumes = List.copyOf(volumes);
        fetch = List.copyOf(fetch);
    }

    /** One without a container, which says nothing of its upkeep. */
    public Definition(
            Optional<String> command,
            List<String> arguments,
            Optional<String> user,
            Resources resources,
            List<PortRequest> ports,
            Map<String, String> environment,
            Map<String, String> labels,
            List<Constraint> constraints,
            List<String> acceptedRoles,
            List<VolumeSpec> volumes,
            List<FetchUri> fetch,
            Backoff backoff,
            Duration killGrace) {
        this(
                command,
                arguments,
                user,
                resources,
                ports,
                environment,
                labels,
                constraints,
                acceptedRoles,
                volumes,
                fetch,
                backoff,
                killGrace,
                Optional.empty(),
                Upkeep.USUAL);
    }

    /** The same with these volumes. */
    public Definition with(List<VolumeSpec> others) {
        return new Definition(
                command,
                arguments,
                user,
                resources,
                ports,
                environment,
                labels,
                constraints,
                acceptedRoles,
                others,
                fetch,
                backoff,
                killGrace,
                container,
                upkeep);
    }

    /** The same with that upkeep. */
    public Definition with(Upkeep other) {
        return new Definition(
                command,
                arguments,
                user,
                resources,
                ports,
                environment,
                labels,
                constraints,
                acceptedRoles,
                volumes,
                fetch,
                backoff,
                killGrace,
                container,
                other);
    }

    /**
     * A file that Mesos brings into the sandbox before the executor starts.
     *
     * @param destination its path below the sandbox; empty for the last part of the URI
     */
    public record FetchUri(
            String uri, boolean extract, boolean executable, boolean cache, Optional<String> destination) {
        public FetchUri {
            // What an earlier version of Mooring recorded has none.
            destination = destination == null ? Optional.empty() : destination;
        }

        /** One that keeps its name. */
        public FetchUri(String uri, boolean extract, boolean executable, boolean cache) {
            this(uri, extract, executable, cache, Optional.empty());
        }
    }

    /**
     * A port that the task needs on its host.
     *
     * @param fixed a port that it has to be; 0 for any of those offered
     * @param declared the number that the app gives it, be it only for load balancers; 0 if none
     */
    public record PortRequest(int fixed, Optional<String> name, int declared) {
        public PortRequest {
            // What an earlier version of Mooring recorded has the fixed one only.
            declared = declared == 0 ? fixed : declared;
        }

        /** One without another number than its own. */
        public PortRequest(int fixed, Optional<String> name) {
            this(fixed, name, fixed);
        }
    }
}
