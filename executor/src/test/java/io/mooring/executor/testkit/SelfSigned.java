package io.mooring.executor.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that is its own authority, made by the JDK's keytool. */
public final class SelfSigned {
    private static final String PASSWORD = "password";

    private final Path store;
    private final Path certificate;

    public SelfSigned(Path directory) throws IOException, InterruptedException {
        store = directory.resolve("agent.p12");
        certificate = directory.resolve("agent.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "agent",
                "-keyalg",
                "EC",
                "-dname",
                "CN=agent",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-ext",
                "BC=ca:true",
                "-validity",
                "2");
        keytool("-exportcert", "-rfc", "-alias", "agent", "-file", certificate.toString());
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        builder.command().addAll(java.util.List.of(arguments));
        builder.command().addAll(java.util.List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        int status = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("keytool " + String.join(" ", arguments) + " exited with " + status);
        }
    }

    public Path certificate() {
        return certificate;
    }

    /** Its private key, PKCS #8 in PEM. */
    public Path key() throws IOException, GeneralSecurityException {
        byte[] der = keys().getKey("agent", PASSWORD.toCharArray()).getEncoded();
        return Files.writeString(
                store.resolveSibling("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    public SSLContext server() throws IOException, GeneralSecurityException {
        return server(null);
    }

    /** A server that knows the callers with this certificate. */
    public SSLContext server(Path caller) throws IOException, GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys(), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), caller == null ? null : trust(caller), null);
        return context;
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static TrustManager[] trust(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "caller", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }
}
