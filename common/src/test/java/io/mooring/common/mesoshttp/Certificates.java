package io.mooring.common.mesoshttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority, a server's and a client's certificate, made by the JDK's keytool for one test run. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    Certificates(Path directory) throws Exception {
        this.directory = directory;
        this.store = directory.resolve("all.p12");
        make("authority", "-ext", "bc:c");
        make("server", "-signer", "authority", "-ext", "san=dns:master.test,ip:127.0.0.1");
        make("client", "-signer", "authority");
        byte[] wrapped = open().getKey("client", PASSWORD.toCharArray()).getEncoded();
        Files.writeString(key("client"), pem("PRIVATE KEY", wrapped));
        // What PKCS#8 wraps of a 2048 bit RSA key begins after 26 bytes.
        Files.writeString(key("client-rsa"), pem("RSA PRIVATE KEY", Arrays.copyOfRange(wrapped, 26, wrapped.length)));
    }

    Path authority() {
        return certificate("authority");
    }

    Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** What a server runs with that has its certificate and believes the authority. */
    SSLContext server() throws IOException, GeneralSecurityException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                "server",
                open().getKey("server", PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                open().getCertificateChain("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("authority", open().getCertificate("authority"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void make(String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        Files.writeString(
                certificate(name),
                pem("CERTIFICATE", open().getCertificate(name).getEncoded()));
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            opened.load(in, PASSWORD.toCharArray());
        }
        return opened;
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
