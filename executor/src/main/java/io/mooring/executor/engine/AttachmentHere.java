package io.mooring.executor.engine;

import java.util.Optional;

/** What a plugin says of a volume on this host. */
public sealed interface AttachmentHere {
    /** It is attached here, as this device if it has one. */
    record Attached(Optional<String> device) implements AttachmentHere {}

    /** It is not attached here. */
    record NotAttached() implements AttachmentHere {}

    /** The plugin does not say; why. */
    record Untold(String reason) implements AttachmentHere {}
}
