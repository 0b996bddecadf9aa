package io.mooring.executor.engine;

import java.util.List;
import java.util.Optional;

/** What a plugin says of a volume on this host. */
public sealed interface AttachmentHere {
    /**
     * It is attached here.
     *
     * @param device as this device if it has one
     * @param mountIds for these uses, as far as the plugin says
     */
    record Attached(Optional<String> device, List<String> mountIds) implements AttachmentHere {
        public Attached {
            mountIds = List.copyOf(mountIds);
        }

        /** Attached for nobody knows whom. */
        public Attached(Optional<String> device) {
            this(device, List.of());
        }
    }

    /** It is not attached here. */
    record NotAttached() implements AttachmentHere {}

    /** The plugin does not say; why. */
    record Untold(String reason) implements AttachmentHere {}
}
