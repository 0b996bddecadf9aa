package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.local.wire.RefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ExecutorTokensTest {
    private final ExecutorTokens tokens = new ExecutorTokens("secret");

    private static ExecutorRun run(String executor, String container) {
        return new ExecutorRun(
                FrameworkInfo.newBuilder()
                        .setUser("u")
                        .setName("f")
                        .setId(FrameworkID.newBuilder().setValue("F"))
                        .build(),
                ExecutorInfo.newBuilder()
                        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
                        .build(),
                container,
                Path.of("/sandbox"),
                ExecutorRun.Kind.CUSTOM);
    }

    private static void assertRefused(ThrowingCallable call, String challenge) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.answer().status()).isEqualTo(401);
            assertThat(refused.answer().headers().get("WWW-Authenticate")).isEqualTo(challenge);
        });
    }

    private JsonNode claims(String token) throws RefusedException {
        return tokens.claims(Optional.of("Bearer " + token));
    }

    @Test
    void takesTheTokenOfTheExecutorThatItWasIssuedTo() throws RefusedException {
        ExecutorRun run = run("e", "c");

        assertThat(ExecutorTokens.mismatch(claims(tokens.issue(run)), run)).isEmpty();
    }

    @Test
    void tellsAnotherExecutorsTokenAndThatOfAnEarlierContainer() throws RefusedException {
        JsonNode claims = claims(tokens.issue(run("e", "c")));

        assertThat(ExecutorTokens.mismatch(claims, run("other", "c")))
                .contains(
                        "Authenticated principal '{ cid: c, eid: e, fid: F }' does not contain an 'eid' claim with the "
                                + "executor ID other, which is set in the call");
        assertThat(ExecutorTokens.mismatch(claims, run("e", "later")))
                .contains(
                        "Authenticated principal '{ cid: c, eid: e, fid: F }' does not contain a 'cid' claim with the "
                                + "correct active ContainerID");
    }

    @Test
    void refusesWhoBringsNoToken() {
        assertRefused(() -> tokens.claims(Optional.empty()), "Bearer realm=\"mesos-agent-executor\"");
        assertRefused(
                () -> tokens.claims(Optional.of("Basic dTpw")),
                "Bearer realm=\"mesos-agent-executor\", error=\"invalid_token\", "
                        + "error_description=\"Scheme 'Basic' unsupported\"");
        assertRefused(
                () -> tokens.claims(Optional.of("Bearer")),
                "Bearer realm=\"mesos-agent-executor\", error=\"invalid_token\", "
                        + "error_description=\"Malformed 'Authorization' header\"");
    }

    @Test
    void refusesATokenThatOthersSigned() {
        String forged = new ExecutorTokens("other secret").issue(run("e", "c"));

        assertRefused(
                () -> claims(forged),
                "Bearer realm=\"mesos-agent-executor\", error=\"invalid_token\", "
                        + "error_description=\"Invalid JWT: Token signature does not match\"");
    }

    @Test
    void refusesATokenThatNobodySigned() {
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        String claims = tokens.issue(run("e", "c")).split("\\.")[1];

        assertRefused(
                () -> claims(header + "." + claims + "."),
                "Bearer realm=\"mesos-agent-executor\", error=\"invalid_token\", error_description=\"Invalid JWT: "
                        + "Token 'alg' value \\\"none\\\" does not match, expected \\\"HS256\\\"\"");
        assertRefused(
                () -> claims("a.b"),
                "Bearer realm=\"mesos-agent-executor\", error=\"invalid_token\", error_description=\"Invalid JWT: "
                        + "Expected 3 components in token, got 2\"");
    }
}
