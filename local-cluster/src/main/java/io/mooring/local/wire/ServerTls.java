package io.mooring.local.wire;

import javax.net.ssl.SSLContext;

/**
 * How ports of the cluster speak TLS, as libprocess does with {@code LIBPROCESS_SSL_ENABLED}: all of them, or none.
 *
 * @param context with the certificate of the cluster's masters and agents, and whom they believe
 * @param clients what callers have to show
 */
public record ServerTls(SSLContext context, Clients clients) {
    /** What callers have to show. */
    public enum Clients {
        /** Nothing. */
        ANY,
        /** A certificate that a known authority signed, as with {@code LIBPROCESS_SSL_REQUIRE_CLIENT_CERT}. */
        CERTIFIED
    }
}
