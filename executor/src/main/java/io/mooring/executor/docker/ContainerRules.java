package io.mooring.executor.docker;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.container.DockerParameter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether an order can be a container: each volume has a place of its own that nothing hides. */
final class ContainerRules {
    private static final Set<String> NEVER = Set.of("/", "/proc", "/dev", "/sys", "/etc", "/bin", "/usr", "/lib");

    private final RunWorkload order;

    ContainerRules(RunWorkload order) {
        this.order = order;
    }

    /** What is wrong, in words. */
    Optional<String> objection() {
        try {
            List<Path> volumes = new ArrayList<>();
            for (ClaimedVolume volume : order.volumes()) {
                Path path = path(volume);
                Optional<String> wrong = wrong(path, volumes);
                if (wrong.isPresent()) {
                    return wrong;
                }
                volumes.add(path);
            }
            return order.workload().container().orElseThrow().parameters().stream()
                    .flatMap(ContainerRules::target)
                    .filter(target -> volumes.stream().anyMatch(volume -> volume.startsWith(target)))
                    .findFirst()
                    .map(target -> "a parameter would hide a volume: it puts something else at " + target);
        } catch (InvalidPathException e) {
            return Optional.of("container path '" + e.getInput() + "' is no path: " + e.getReason());
        }
    }

    private Path path(ClaimedVolume volume) {
        String name = volume.request().name().value();
        return Path.of(volume.request()
                        .containerPath()
                        .orElseGet(() -> order.workload().defaultPath().replace("{name}", name)))
                .normalize();
    }

    private static Optional<String> wrong(Path path, List<Path> others) {
        if (!path.isAbsolute() || NEVER.contains(path.toString()) || path.startsWith("/proc")) {
            return Optional.of("container path '" + path + "': a container has its volumes at absolute paths that are"
                    + " not the image's own");
        }
        return Stream.concat(others.stream(), Stream.of(Path.of(ContainerRequest.SANDBOX)))
                .filter(other -> path.startsWith(other) || other.startsWith(path))
                .findFirst()
                .map(other -> "the container paths " + other + " and " + path
                        + " lie in each other; each volume needs a place of its own");
    }

    private static Stream<Path> target(DockerParameter parameter) {
        return switch (parameter.option()) {
            case TMPFS -> Stream.of(Path.of(parameter.before(':')).normalize());
            case VOLUME -> Stream.of(Path.of(parameter.value().split(":")[1]).normalize());
            case ADD_HOST,
                    CAP_ADD,
                    CAP_DROP,
                    DNS,
                    DNS_SEARCH,
                    ENTRYPOINT,
                    ENV,
                    GROUP_ADD,
                    HOSTNAME,
                    INIT,
                    LABEL,
                    LOG_DRIVER,
                    LOG_OPT,
                    PIDS_LIMIT,
                    READ_ONLY,
                    SHM_SIZE,
                    STOP_SIGNAL,
                    SYSCTL,
                    ULIMIT,
                    USER,
                    WORKDIR -> Stream.empty();
        };
    }
}
