package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.testing.ResourceHelpers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and for what. Nobody leads here, so whoever is let in is told that with 503. */
class DoorIT {
    private static final String USERS = """
            users:
              - {name: ada, role: operator, token: "secret-of-ada"}
              - {name: bob, role: reader, password: "secret-of-bob"}
              - {name: agents, role: executor, token: "secret-of-agents"}
            """;
    private static Users known;

    @TempDir
    private Path directory;

    private final DropwizardTestSupport<Configuration> server =
            new DropwizardTestSupport<>(GuardedServer.class, ResourceHelpers.resourceFilePath("api.yml"));

    /** Serves the API to users only. */
    public static final class GuardedServer extends Application<Configuration> {
        /** Logging stays as the tests have it. */
        @Override
        protected void bootstrapLogging() {}

        @Override
        public void run(Configuration configuration, Environment environment) {
            EngineAccess engine = new EngineAccess(Duration.ofSeconds(1));
            Api.serve(
                    configuration.getServerFactory(),
                    environment,
                    engine,
                    new LeaderOfATest(),
                    new EventStream(),
                    Optional.of(known));
            // Nobody leads: requests would be turned away before anybody is asked who they are.
            environment
                    .getApplicationContext()
                    .setHandler(environment.getApplicationContext().getSessionHandler());
        }
    }

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("users.yml"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @BeforeEach
    void start() throws Exception {
        known = Users.read(file(USERS, "rw-------"));
        server.before();
    }

    @AfterEach
    void stop() {
        server.after();
    }

    private HttpResponse<String> send(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getLocalPort() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        // A connection each: one on which a request was refused before its body was read is closed by the server.
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void letsNobodyInWithoutAKnownSecret() throws Exception {
        for (String authorization : new String[] {
            null,
            "Bearer wrong",
            "Bearer secret-of-bob",
            basic("bob", "wrong"),
            basic("ada", "secret-of-ada"),
            "Basic x"
        }) {
            HttpResponse<String> answer = send("GET", "/v1/volumes", authorization);

            assertThat(answer.statusCode()).as("%s", authorization).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(answer.body()).doesNotContain("secret");
        }
    }

    @Test
    void letsExecutorsUseTheClaimServiceAndNothingElse() throws Exception {
        String executor = "Bearer secret-of-agents";
        assertThat(send("POST", "/v1/claims", executor).statusCode()).isEqualTo(422);
        for (String path : List.of("/v1/claims/c1/activate", "/v1/claims/c1/release")) {
            assertThat(send("POST", path, executor).statusCode()).isEqualTo(422);
        }
        assertThat(send("GET", "/v1/claims", executor).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/v1/volumes", executor).statusCode()).isEqualTo(403);
        for (String path : List.of("/v2/apps", "/v1/volumes/x1/claim/release")) {
            assertThat(send("POST", path, executor).statusCode()).as(path).isEqualTo(403);
        }
        assertThat(send("POST", "/v1/claims", basic("bob", "secret-of-bob")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void letsReadersAskAndOperatorsChange() throws Exception {
        assertThat(send("GET", "/v1/volumes", basic("bob", "secret-of-bob")).statusCode())
                .isEqualTo(503);
        assertThat(send("GET", "/v1/volumes", "Bearer secret-of-ada").statusCode())
                .isEqualTo(503);
        assertThat(send("PUT", "/v1/brake", "Bearer secret-of-ada").statusCode())
                .isEqualTo(422);
        for (String path : List.of("/v1/brake", "/v2/apps", "/v1/volumes/x1/claim/release")) {
            HttpResponse<String> answer =
                    send(path.endsWith("brake") ? "PUT" : "POST", path, basic("bob", "secret-of-bob"));
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.body())
                    .contains("bob", "operator")
                    .contains(path.startsWith("/v2") ? "\"message\"" : "\"detail\"");
        }
        assertThat(send("DELETE", "/v2/apps/web", basic("bob", "secret-of-bob")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void answersPingToEverybody() throws Exception {
        assertThat(send("GET", "/ping", null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "users: []",
                "users: [{name: ada}]",
                "users: [{name: ada, role: king, token: secret-of-ada}]",
                "users: [{name: ada, role: reader, token: short}]",
                "users: [{name: ada, role: reader}]",
                "users: [{name: ada, role: reader, token: secret-of-ada, password: secret-of-ada}]",
                "users: [{name: ada, role: reader, token: secret-of-ada}, {name: ada, role: reader, token: secret-of-ada}]",
                "users: [{name: ada, role: reader, token: secret-of-ada, colour: red}]",
                "{"
            })
    void refusesAFileThatIsWrongWithoutQuotingIt(String content) throws Exception {
        Path file = file(content, "rw-------");

        assertThatThrownBy(() -> Users.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("users.yml")
                .message()
                .doesNotContain("secret-of-ada");
    }

    @Test
    void refusesAFileThatOthersCanRead() throws Exception {
        Path file = file(USERS, "rw-r--r--");

        assertThatThrownBy(() -> Users.read(file)).hasMessageContaining("chmod 600");
    }
}
