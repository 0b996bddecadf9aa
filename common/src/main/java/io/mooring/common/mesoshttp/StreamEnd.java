package io.mooring.common.mesoshttp;

import java.net.URI;

/** Why a subscription ended, or never began. */
public sealed interface StreamEnd {
    /** The stream was open and is closed now: by the other side, by the network, or by {@link MesosHttp#close()}. */
    record Closed(String reason) implements StreamEnd {}

    /** The other side answered the SUBSCRIBE with a refusal (4xx). */
    record Refused(int status, String reason) implements StreamEnd {}

    /** Nobody there, or not ready yet (503): try again later. */
    record Unavailable(String reason) implements StreamEnd {}

    /** Another master leads (307). */
    record Redirected(URI leader) implements StreamEnd {}
}
