package io.mooring.executor.mount;

import java.util.Objects;

/**
 * What a plugin's volumes are on the agent.
 *
 * @param rootPath what the plugin's answer to Mount has below the volume's root, such as {@code /data}; empty for nothing
 */
public record MountForm(MountKind kind, String rootPath) {
    /** REX-Ray's default, and so what is assumed of a plugin that does not say. */
    public static final String USUAL_ROOT_PATH = "/data";

    public MountForm {
        Objects.requireNonNull(kind, "kind is null");
        Objects.requireNonNull(rootPath, "rootPath is null");
    }
}
