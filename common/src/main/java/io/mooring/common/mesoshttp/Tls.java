package io.mooring.common.mesoshttp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS as one side of a connection to Mesos uses it. */
public final class Tls {
    /** The store lives in memory only, around a key that lay in its file without any. */
    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;
    private final TlsFiles.Verification verification;

    private Tls(SSLContext context, TlsFiles.Verification verification) {
        this.context = context;
        this.verification = verification;
    }

    /**
     * Reads the files.
     *
     * @throws IOException if a file cannot be read, or holds something else; the message names it
     */
    public static Tls read(TlsFiles files) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(files), trusted(files.authorities()), null);
            return new Tls(context, files.verification());
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up from " + files + ": " + e.getMessage(), e);
        }
    }

    /** For clients of other make. */
    public SSLContext context() {
        return context;
    }

    TlsFiles.Verification verification() {
        return verification;
    }

    private static KeyManager[] own(TlsFiles files) throws IOException, GeneralSecurityException {
        if (files.certificate().isEmpty() || files.key().isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "own",
                PemKey.read(files.key().get()),
                NO_PASSWORD,
                certificates(files.certificate().get()).toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trusted(Optional<Path> authorities) throws IOException, GeneralSecurityException {
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        for (Certificate certificate : certificates(authorities.get())) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<Certificate> certificates(Path file) throws IOException {
        List<Certificate> found;
        try (InputStream in = Files.newInputStream(file)) {
            found = new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificates in PEM: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(file + " is empty; it has to hold certificates in PEM");
        }
        return found;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
