package io.mooring.common.mesoshttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.mooring.common.mesoshttp.TlsFiles.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real TLS server, with certificates made for this run. */
@Timeout(60)
class TlsTest {
    private static final MesosHttp.Limits LIMITS =
            new MesosHttp.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10), 1000);

    @TempDir
    private static Path directory;

    private static Certificates certificates;

    private HttpsServer server;

    private enum Clients {
        ANY,
        CERTIFIED
    }

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(directory);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void speaksToAServerWhoseCertificateTheAuthoritySigned() throws Exception {
        serve(Clients.ANY);

        assertThat(call(trusting(Verification.CHAIN_AND_HOST))).isInstanceOf(CallOutcome.Accepted.class);
    }

    @Test
    void refusesAServerThatNobodyItTrustsSigned() throws Exception {
        serve(Clients.ANY);

        CallOutcome outcome =
                call(new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), Verification.CHAIN_AND_HOST));

        assertThat(outcome).isInstanceOfSatisfying(CallOutcome.Unknown.class, unknown -> assertThat(unknown.reason())
                .contains("certification path"));
    }

    @Test
    void refusesTheCertificateOfAnotherHostUnlessHostsAreNotToBeVerified() throws Exception {
        serve(Clients.ANY);

        assertThat(call("localhost", trusting(Verification.CHAIN_AND_HOST))).isInstanceOf(CallOutcome.Unknown.class);
        assertThat(call("localhost", trusting(Verification.CHAIN))).isInstanceOf(CallOutcome.Accepted.class);
    }

    @Test
    void showsItsOwnCertificateWhereOneIsAskedFor() throws Exception {
        serve(Clients.CERTIFIED);

        assertThat(call(trusting(Verification.CHAIN_AND_HOST))).isInstanceOf(CallOutcome.Unknown.class);
        assertThat(call(certified(certificates.key("client")))).isInstanceOf(CallOutcome.Accepted.class);
        assertThat(call(certified(certificates.key("client-rsa")))).isInstanceOf(CallOutcome.Accepted.class);
    }

    @Test
    void saysWhichFileIsOfNoUseAndWhatItShouldBe() throws Exception {
        Path nonsense = Files.writeString(directory.resolve("nonsense"), "nonsense");
        Path encrypted = Files.writeString(
                directory.resolve("encrypted"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

        assertThatThrownBy(() -> Tls.read(
                        new TlsFiles(Optional.of(nonsense), Optional.empty(), Optional.empty(), Verification.CHAIN)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nonsense.toString());
        assertThatThrownBy(() -> Tls.read(certified(encrypted)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(encrypted.toString())
                .hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() ->
                        new TlsFiles(Optional.empty(), Optional.of(nonsense), Optional.empty(), Verification.CHAIN))
                .hasMessageContaining("go together");
    }

    @Test
    void neverPrintsWhatItAuthorizesBy() {
        Access access = new Access(() -> Optional.of("Basic secret"), Optional.empty());

        assertThat(access.toString()).doesNotContain("secret");
    }

    private TlsFiles trusting(Verification verification) {
        return new TlsFiles(Optional.of(certificates.authority()), Optional.empty(), Optional.empty(), verification);
    }

    private static TlsFiles certified(Path key) {
        return new TlsFiles(
                Optional.of(certificates.authority()),
                Optional.of(certificates.certificate("client")),
                Optional.of(key),
                Verification.CHAIN_AND_HOST);
    }

    private CallOutcome call(TlsFiles files) throws IOException {
        return call("127.0.0.1", files);
    }

    private CallOutcome call(String host, TlsFiles files) throws IOException {
        URI endpoint = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/api/v1/scheduler");
        Access access = new Access(() -> Optional.of("Basic eDp5"), Optional.of(Tls.read(files)));
        try (MesosHttp http = new MesosHttp(endpoint, access, LIMITS)) {
            return http.call(new byte[] {1});
        }
    }

    private void serve(Clients clients) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext context = certificates.server();
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters of = context.getDefaultSSLParameters();
                of.setNeedClientAuth(clients == Clients.CERTIFIED);
                parameters.setSSLParameters(of);
            }
        });
        server.createContext("/", exchange -> {
            boolean authorized =
                    "Basic eDp5".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(authorized ? 202 : 401, -1);
            exchange.close();
        });
        server.start();
    }
}
