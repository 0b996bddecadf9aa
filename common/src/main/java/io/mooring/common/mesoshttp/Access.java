package io.mooring.common.mesoshttp;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * How this side shows who it is, and whom it believes.
 *
 * @param authorization the value of the header of that name for the next request, asked anew for each so that a token may
 *     be replaced while a process runs; empty for none
 * @param tls for addresses that begin with https; without it the certificates that the JVM trusts count
 */
public record Access(Supplier<Optional<String>> authorization, Optional<Tls> tls) {
    /** Nobody in particular. */
    public static Access open() {
        return new Access(Optional::empty, Optional.empty());
    }

    /** Whoever has the token, such as an executor whose agent gave it one. */
    public static Access bearer(Supplier<Optional<String>> token, Optional<Tls> tls) {
        return new Access(() -> token.get().map(value -> "Bearer " + value), tls);
    }

    /** Without what it authorises by, so that it can be printed. */
    @Override
    public String toString() {
        return "Access[" + (tls.isPresent() ? "own TLS settings" : "the JVM's TLS settings") + "]";
    }
}
