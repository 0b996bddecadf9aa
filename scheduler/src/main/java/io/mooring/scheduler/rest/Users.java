package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The users of the API, from a file that only its owner can read: {@code users: [{name, role, token | password}]}. It is
 * read once, at the start.
 */
public final class Users {
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final int SHORTEST = 8;

    private final List<Entry> entries;

    private record Document(List<Entry> users) {}

    private record Entry(String name, User.Role role, String password, String token) {
        User user() {
            return new User(name, role);
        }
    }

    private Users(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * The users that the file names.
     *
     * @throws IOException if the file cannot be read, can be read by others, or is wrong; says what and where
     */
    public static Users read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OPEN_TO_OTHERS::contains)) {
            throw new IOException(file + " holds secrets and can be read by others; chmod 600 " + file);
        }
        Document document;
        try {
            document = YAMLMapper.builder()
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(Files.readAllBytes(file), Document.class);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            // Its message may quote a secret.
            throw new IOException(file + " is no list of users at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
                    + "; expected users: [{name, role: reader, operator or executor, token or password}]");
        }
        List<String> wrong = objections(document);
        if (!wrong.isEmpty()) {
            throw new IOException(file + ": " + String.join("; ", wrong));
        }
        return new Users(document.users());
    }

    private static List<String> objections(Document document) {
        List<String> wrong = new ArrayList<>();
        if (document == null || document.users() == null || document.users().isEmpty()) {
            return List.of("there are no users; expected users: [{name, role, token or password}]");
        }
        Set<String> names = new TreeSet<>();
        for (Entry entry : document.users()) {
            String who = "user '" + entry.name() + "' ";
            if (entry.name() == null || entry.name().isBlank() || !names.add(entry.name())) {
                wrong.add(who + "has no name of its own");
            }
            if (entry.role() == null) {
                wrong.add(who + "has no role; expected reader, operator or executor");
            }
            if ((entry.password() == null) == (entry.token() == null)) {
                wrong.add(who + "has to have either a token or a password");
            }
            String secret = entry.password() == null ? entry.token() : entry.password();
            if (secret != null && secret.length() < SHORTEST) {
                wrong.add(who + "has a secret of fewer than " + SHORTEST + " characters");
            }
        }
        return wrong;
    }

    Optional<User> byPassword(String name, String password) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name) && entry.password() != null)
                .filter(entry -> same(entry.password(), password))
                .map(Entry::user)
                .findFirst();
    }

    Optional<User> byToken(String token) {
        return entries.stream()
                .filter(entry -> entry.token() != null && same(entry.token(), token))
                .map(Entry::user)
                .findFirst();
    }

    /** Takes as long for a wrong secret as for a right one. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
