package io.mooring.scheduler.marathon;

import io.mooring.common.container.DockerContainer.Privilege;
import java.util.List;

/**
 * What containers may do beside what every container may.
 *
 * @param most whether an app may ask for a privileged container: one that reaches every disk of its agent
 * @param hostBinds directories of agents that apps may have in their containers, with all that is below them
 */
public record ContainerPolicy(Privilege most, List<String> hostBinds) {
    /** The policy of a cluster that shares nothing of its agents. */
    public static final ContainerPolicy STRICT = new ContainerPolicy(Privilege.USUAL, List.of());

    /** @throws IllegalArgumentException if a directory is no absolute path without {@code ..} */
    public ContainerPolicy {
        hostBinds = List.copyOf(hostBinds);
        for (String directory : hostBinds) {
            if (!directory.startsWith("/") || !plain(directory)) {
                throw new IllegalArgumentException("docker.hostBinds has '" + directory
                        + "'; it has to be the absolute path of a directory, without '..'");
            }
        }
    }

    boolean allows(String hostPath) {
        return plain(hostPath)
                && hostBinds.stream().map(ContainerPolicy::withSlash).anyMatch(allowed -> withSlash(hostPath)
                        .startsWith(allowed));
    }

    private static boolean plain(String path) {
        return !List.of(path.split("/")).contains("..")
                && !List.of(path.split("/")).contains(".");
    }

    private static String withSlash(String path) {
        return path.replaceAll("/+$", "").replaceAll("/+", "/") + "/";
    }
}
