package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin behind TLS that wants to know its callers, named by a {@code .json} file as Docker has them. */
class TlsPluginTest {
    private static final DriverName DRIVER = new DriverName("far");
    private static final VolumeName VOLUME = new VolumeName("data");

    @TempDir
    private static Path keys;

    private static SelfSigned plugin;
    private static SelfSigned caller;
    private static HttpsServer server;

    @TempDir
    private Path directory;

    @BeforeAll
    static void serve() throws Exception {
        plugin = new SelfSigned(Files.createDirectory(keys.resolve("plugin")));
        caller = new SelfSigned(Files.createDirectory(keys.resolve("caller")));
        SSLContext tls = plugin.server(caller.certificate());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/VolumeDriver.Get", exchange -> {
            byte[] body = "{\"Volume\": {\"Name\": \"data\"}}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void end() {
        server.stop(0);
    }

    private Outcome<Existence> asked(Map<String, Object> tls) throws IOException {
        String address = "https://127.0.0.1:" + server.getAddress().getPort();
        Files.writeString(
                directory.resolve("far.json"),
                new ObjectMapper().writeValueAsString(Map.of("Name", "any", "Addr", address, "TLSConfig", tls)));
        try (Plugins plugins = new Plugins(new PluginDirectories(List.of(), List.of(directory)), Patience.NONE)) {
            return plugins.look(DRIVER, VOLUME);
        }
    }

    private static Map<String, Object> from(SelfSigned authority, SelfSigned own) throws Exception {
        return Map.of(
                "InsecureSkipVerify", false,
                "CAFile", authority.certificate().toString(),
                "CertFile", own.certificate().toString(),
                "KeyFile", own.key().toString());
    }

    @Test
    void isReachedByACallerThatItKnowsAndThatTrustsIt() throws Exception {
        assertThat(asked(from(plugin, caller))).isEqualTo(new Outcome.Done<>(Existence.PRESENT));
    }

    @Test
    void isNotSpokenToWhenItsAuthorityIsAnother() throws Exception {
        Outcome<Existence> outcome = asked(from(caller, caller));
        assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
        assertThat(outcome.reason()).contains("https://127.0.0.1");
    }

    @Test
    void doesNotAnswerACallerThatItDoesNotKnow() throws Exception {
        assertThat(asked(from(plugin, plugin))).isNotInstanceOf(Outcome.Done.class);
    }

    /** As in Docker: nobody is verified without a file to verify by, or where the file says so. */
    @Test
    void isTakenAtItsWordWithoutAnAuthority() throws Exception {
        String certificate = caller.certificate().toString();
        String key = caller.key().toString();
        assertThat(asked(Map.of("CertFile", certificate, "KeyFile", key)))
                .isEqualTo(new Outcome.Done<>(Existence.PRESENT));
        assertThat(asked(Map.of(
                        "InsecureSkipVerify", true, "CAFile", certificate, "CertFile", certificate, "KeyFile", key)))
                .isEqualTo(new Outcome.Done<>(Existence.PRESENT));
    }

    @Test
    void saysWhichFileOfItsCannotBeUsed() throws Exception {
        Path key = Files.writeString(directory.resolve("old.pem"), "-----BEGIN EC PRIVATE KEY-----\n");
        Outcome<Existence> outcome =
                asked(Map.of("CertFile", caller.certificate().toString(), "KeyFile", key.toString()));
        assertThat(outcome.reason()).contains("old.pem", "PKCS #8");
    }
}
