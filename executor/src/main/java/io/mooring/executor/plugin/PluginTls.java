package io.mooring.executor.plugin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/**
 * {@code TLSConfig} of a plugin's {@code .json} file. Without a CA file Docker verifies nothing, and neither does this.
 *
 * @param key a PKCS #8 key in PEM
 */
record PluginTls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
    static final PluginTls UNVERIFIED = new PluginTls(Optional.empty(), Optional.empty(), Optional.empty());

    SSLContext context() throws IOException {
        try {
            SSLContextBuilder builder = SSLContextBuilder.create();
            if (authority.isPresent()) {
                KeyStore trusted = empty();
                int number = 0;
                for (Certificate each : certificates(authority.get())) {
                    trusted.setCertificateEntry("ca" + number++, each);
                }
                builder.loadTrustMaterial(trusted, null);
            } else {
                builder.loadTrustMaterial(TrustAllStrategy.INSTANCE);
            }
            if (certificate.isPresent() && key.isPresent()) {
                KeyStore own = empty();
                Certificate[] chain = certificates(certificate.get()).toArray(new Certificate[0]);
                own.setKeyEntry("own", privateKey(key.get(), chain[0]), new char[0], chain);
                builder.loadKeyMaterial(own, new char[0]);
            }
            return builder.build();
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS files of the plugin cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static PrivateKey privateKey(Path file, Certificate certificate)
            throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        if (!pem.contains("BEGIN PRIVATE KEY")) {
            throw new IOException(file + " has to be a PKCS #8 key in PEM (BEGIN PRIVATE KEY)");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
