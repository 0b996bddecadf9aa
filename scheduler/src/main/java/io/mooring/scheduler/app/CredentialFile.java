package io.mooring.scheduler.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.mesos.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A principal and its secret in one of the forms that Mesos reads: {@code {"principal": ..., "secret": ...}}, or both in one
 * line with a blank between them. Only its owner may read the file. No message shows what is in it.
 */
final class CredentialFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private CredentialFile() {}

    static Credential read(Path file) throws IOException {
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException("the credential " + file + " can be read or changed by others than its owner;"
                    + " 'chmod 600' it, and change the secret if it has been so for long");
        }
        String content = Files.readString(file).strip();
        return content.startsWith("{") ? json(content, file) : line(content, file);
    }

    private static Credential json(String content, Path file) throws IOException {
        JsonNode read;
        try {
            read = JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw unusable(file, "it is no JSON");
        }
        if (read.has("credentials")) {
            throw unusable(file, "it is a master's list of credentials");
        }
        return credential(read.path("principal").asText(), read.path("secret").asText(), file);
    }

    private static Credential line(String content, Path file) throws IOException {
        String[] words = content.split("\\s+");
        if (words.length != 2) {
            throw unusable(file, "it has " + (content.isEmpty() ? 0 : words.length) + " words");
        }
        return credential(words[0], words[1], file);
    }

    private static Credential credential(String principal, String secret, Path file) throws IOException {
        try {
            return new Credential(principal, secret);
        } catch (IllegalArgumentException e) {
            throw unusable(file, e.getMessage());
        }
    }

    private static IOException unusable(Path file, String why) {
        return new IOException("the credential " + file + " cannot be used: " + why
                + "; it has to hold {\"principal\": ..., \"secret\": ...}, or the principal, a blank and the secret");
    }
}
