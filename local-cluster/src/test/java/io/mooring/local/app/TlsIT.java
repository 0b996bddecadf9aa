package io.mooring.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import io.mooring.local.wire.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All ports with TLS; the built-in executor of command tasks is told so by libprocess' variables. */
class TlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    @Test
    void runsCommandTasksForFrameworksThatSpeakTls() throws Exception {
        SSLContext both = certificate();
        AgentSettings agent = new AgentSettings(
                "agent-1",
                0,
                directory.resolve("work"),
                "127.0.0.1",
                "cpus:1;mem:256",
                "",
                Map.of(
                        "LIBPROCESS_SSL_ENABLED",
                        "1",
                        "LIBPROCESS_SSL_CA_FILE",
                        directory.resolve("own.pem").toString()),
                AgentSettings.Timeouts.standard());
        try (LocalMesos cluster = LocalMesos.start(ClusterSettings.of(MasterSettings.onPort(0), List.of(agent))
                .withTls(Optional.of(new ServerTls(both, ServerTls.Clients.ANY))))) {
            assertThatThrownBy(() -> Framework.subscribe(cluster.masterPort(), null))
                    .as("without TLS")
                    .isInstanceOf(IOException.class);

            Framework framework = Framework.subscribeOverTls(cluster.masterPort(), both);
            framework.launch(
                    Framework.task("t").setCommand(CommandInfo.newBuilder().setValue("true")));

            assertThat(framework.await("t", TaskState.TASK_FINISHED).getMessage())
                    .isEqualTo("Command exited with status 0");
        }
    }

    /** Made by the JDK's keytool; it signs itself, and whoever has the context believes it. */
    private SSLContext certificate() throws Exception {
        Path store = directory.resolve("own.p12");
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=own",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true");
        keytool(
                store,
                "-exportcert",
                "-rfc",
                "-file",
                directory.resolve("own.pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("own", keys.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "own", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as("keytool").isZero();
    }
}
