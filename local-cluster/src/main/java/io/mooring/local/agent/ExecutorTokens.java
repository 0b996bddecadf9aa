package io.mooring.local.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens by which executors prove who they are: JWTs, signed with HMAC-SHA256, that name framework, executor and
 * container. What agents with {@code --jwt_secret_key} and {@code --authenticate_http_executors} do.
 */
final class ExecutorTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REALM = "Bearer realm=\"mesos-agent-executor\"";
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final int PARTS = 3;

    private final String key;

    ExecutorTokens(String key) {
        this.key = key;
    }

    /** The token of an executor run. */
    String issue(ExecutorRun run) {
        ObjectNode claims = JSON.createObjectNode()
                .put("cid", run.containerId)
                .put("eid", run.executorId())
                .put("fid", run.frameworkId());
        String signed = encoded(HEADER.getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(claims.toString().getBytes(StandardCharsets.UTF_8));
        return signed + "." + encoded(signature(signed));
    }

    /**
     * The claims in the header of a request.
     *
     * @throws RefusedException 401 in the words of the original
     */
    JsonNode claims(Optional<String> authorization) throws RefusedException {
        if (authorization.isEmpty()) {
            throw new RefusedException(Answer.unauthorized(REALM));
        }
        String[] words = authorization.get().split(" ", -1);
        if (words.length != 2) {
            throw invalid("Malformed 'Authorization' header");
        }
        if (!words[0].equals("Bearer")) {
            throw invalid("Scheme '" + words[0] + "' unsupported");
        }
        return claims(words[1]);
    }

    private JsonNode claims(String token) throws RefusedException {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            throw invalid("Invalid JWT: Expected 3 components in token, got " + parts.length);
        }
        JsonNode algorithm = decoded("header", parts[0]).path("alg");
        if (!algorithm.asText().equals("HS256")) {
            throw invalid("Invalid JWT: Token 'alg' value \\\"" + algorithm.asText()
                    + "\\\" does not match, expected \\\"HS256\\\"");
        }
        JsonNode claims = decoded("payload", parts[1]);
        byte[] given = bytes("signature", parts[2]);
        if (!MessageDigest.isEqual(signature(parts[0] + "." + parts[1]), given)) {
            throw invalid("Invalid JWT: Token signature does not match");
        }
        if (claims.isEmpty()) {
            throw invalid("JWT claims missing");
        }
        return claims;
    }

    /** Why these claims are not those of the run; empty if they are. */
    static Optional<String> mismatch(JsonNode claims, ExecutorRun run) {
        String principal = "Authenticated principal '" + principal(claims) + "' does not contain a";
        if (!claims.path("fid").asText().equals(run.frameworkId())) {
            return Optional.of(principal + "n 'fid' claim with the framework ID " + run.frameworkId()
                    + ", which is set in the call");
        }
        if (!claims.path("eid").asText().equals(run.executorId())) {
            return Optional.of(principal + "n 'eid' claim with the executor ID " + run.executorId()
                    + ", which is set in the call");
        }
        return claims.path("cid").asText().equals(run.containerId)
                ? Optional.empty()
                : Optional.of(principal + " 'cid' claim with the correct active ContainerID");
    }

    private static String principal(JsonNode claims) {
        StringBuilder text = new StringBuilder("{");
        claims.properties().forEach(claim -> text.append(text.length() > 1 ? ", " : " ")
                .append(claim.getKey())
                .append(": ")
                .append(claim.getValue().asText()));
        return text.append(" }").toString();
    }

    private static JsonNode decoded(String what, String part) throws RefusedException {
        try {
            JsonNode tree = JSON.readTree(bytes(what, part));
            if (!tree.isObject()) {
                throw invalid("Invalid JWT: Failed to decode token " + what + ": not a JSON object");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new RefusedException(
                    answer("Invalid JWT: Failed to decode token " + what + ": " + e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new RefusedException(answer("Invalid JWT: Failed to decode token " + what), e);
        }
    }

    private static byte[] bytes(String what, String part) throws RefusedException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    answer("Invalid JWT: Failed to base64url-decode token " + what + ": " + e.getMessage()), e);
        }
    }

    private static RefusedException invalid(String why) {
        return new RefusedException(answer(why));
    }

    private static Answer answer(String why) {
        return Answer.unauthorized(REALM + ", error=\"invalid_token\", error_description=\"" + why + "\"");
    }

    private static String encoded(byte[] part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }

    private byte[] signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }
}
