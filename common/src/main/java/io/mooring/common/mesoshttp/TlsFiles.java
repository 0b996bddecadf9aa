package io.mooring.common.mesoshttp;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the certificates of a connection lie, all in PEM.
 *
 * @param authorities who may sign the other side's certificate; empty for those that the JVM trusts
 * @param certificate this side's own, followed by those it is signed by; empty for none
 * @param key what belongs to the certificate, without a passphrase
 * @param verification what is checked of the other side
 */
public record TlsFiles(
        Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key, Verification verification) {
    /** What is checked of the other side's certificate. */
    public enum Verification {
        /** That a trusted authority signed it, and that it is the certificate of the host that was asked for. */
        CHAIN_AND_HOST,
        /** The signature only: for clusters whose certificates name no hosts and whose authority signs nothing else. */
        CHAIN
    }

    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "a certificate (" + certificate.map(Path::toString).orElse("none") + ") and its key ("
                            + key.map(Path::toString).orElse("none") + ") go together: name both or neither");
        }
    }
}
