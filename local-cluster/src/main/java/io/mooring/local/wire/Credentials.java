package io.mooring.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who may call, by principal and secret. The file is that of Mesos' {@code --credentials}: JSON
 * {@code {"credentials": [{"principal": ..., "secret": ...}]}} or one principal and secret a line.
 */
public final class Credentials {
    private static final String SCHEME = "Basic ";

    private final Map<String, String> secrets;

    /** By principal. */
    public Credentials(Map<String, String> secrets) {
        this.secrets = new TreeMap<>(secrets);
    }

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is in neither form; its content is not in the message
     */
    public static Credentials read(Path file) throws IOException {
        String content = Files.readString(file);
        Map<String, String> secrets = new TreeMap<>();
        if (content.stripLeading().startsWith("{")) {
            for (JsonNode each : new ObjectMapper().readTree(content).path("credentials")) {
                secrets.put(each.path("principal").asText(), each.path("secret").asText());
            }
        } else {
            for (String line : content.lines().filter(text -> !text.isBlank()).toList()) {
                String[] parts = line.strip().split("\\s+");
                if (parts.length != 2) {
                    throw new IllegalArgumentException(file + ": expected a principal and a secret on every line");
                }
                secrets.put(parts[0], parts[1]);
            }
        }
        return new Credentials(secrets);
    }

    /** The principal that the header proves; empty without the header, for another scheme and for a wrong secret. */
    Optional<String> principal(Optional<String> authorization) {
        return authorization
                .filter(value -> value.startsWith(SCHEME))
                .flatMap(value -> proven(value.substring(SCHEME.length())));
    }

    private Optional<String> proven(String base64) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String principal = pair.substring(0, colon);
        return Optional.ofNullable(secrets.get(principal))
                .filter(secret -> secret.equals(pair.substring(colon + 1)))
                .map(secret -> principal);
    }
}
