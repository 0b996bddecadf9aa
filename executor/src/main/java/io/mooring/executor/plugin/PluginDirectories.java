package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.DriverName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds plugins by Docker's rules: sockets first, then in each directory {@code .spec} before
 * {@code .json}. The first file that exists decides; a broken one is an error, not a reason to look further.
 */
public final class PluginDirectories {
    private static final int MOST_BYTES = 64 * 1024;
    /** The part of a file's mode that says what it is, and what it is of a socket. */
    private static final int FORMAT = 0170000;

    private static final int SOCKET = 0140000;

    private final List<Path> socketDirs;
    private final List<Path> specDirs;

    public PluginDirectories(List<Path> socketDirs, List<Path> specDirs) {
        this.socketDirs = List.copyOf(socketDirs);
        this.specDirs = List.copyOf(specDirs);
    }

    /** Where the plugin of that name listens; empty if there is none. */
    Optional<PluginAddress> find(DriverName driver) throws IOException {
        String name = driver.value();
        for (Path dir : socketDirs) {
            for (Path file :
                    List.of(dir.resolve(name + ".sock"), dir.resolve(name).resolve(name + ".sock"))) {
                if (isSocket(file)) {
                    return Optional.of(PluginAddress.unix(file));
                }
            }
        }
        for (Path dir : specDirs) {
            for (String file : List.of(name + ".spec", name + "/" + name + ".spec")) {
                if (Files.exists(dir.resolve(file))) {
                    return Optional.of(spec(dir.resolve(file)));
                }
            }
            for (String file : List.of(name + ".json", name + "/" + name + ".json")) {
                if (Files.exists(dir.resolve(file))) {
                    return Optional.of(json(dir.resolve(file)));
                }
            }
        }
        return Optional.empty();
    }

    /** The names of all plugins that have a socket or a file here, each once, in order. */
    List<DriverName> names() {
        Set<DriverName> names = new TreeSet<>();
        for (Path dir : socketDirs) {
            collect(dir, names, ".sock");
        }
        for (Path dir : specDirs) {
            collect(dir, names, ".spec");
            collect(dir, names, ".json");
        }
        return List.copyOf(names);
    }

    @Override
    public String toString() {
        return socketDirs + " and " + specDirs;
    }

    private static void collect(Path dir, Set<DriverName> names, String suffix) {
        if (!Files.isDirectory(dir)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                String file = entry.getFileName().toString();
                boolean below = Files.isDirectory(entry) && Files.exists(entry.resolve(file + suffix));
                if (below || file.endsWith(suffix)) {
                    name(below ? file : file.substring(0, file.length() - suffix.length()))
                            .ifPresent(names::add);
                }
            }
        } catch (IOException e) {
            // A directory that cannot be read has no plugins for us; a launch that needs one says so.
            return;
        }
    }

    private static Optional<DriverName> name(String text) {
        try {
            return Optional.of(new DriverName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isSocket(Path file) throws IOException {
        return Files.exists(file) && ((int) Files.getAttribute(file, "unix:mode") & FORMAT) == SOCKET;
    }

    private static PluginAddress spec(Path file) throws IOException {
        return parse(file, text(file), Optional.empty());
    }

    private static PluginAddress json(Path file) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(text(file));
        if (tree == null || !tree.path("Addr").isTextual()) {
            throw new IOException(file + " has to have the text field 'Addr'");
        }
        JsonNode tls = tree.path("TLSConfig");
        PluginTls files = new PluginTls(
                tls.path("InsecureSkipVerify").asBoolean() ? Optional.empty() : path(tls, "CAFile"),
                path(tls, "CertFile"),
                path(tls, "KeyFile"));
        return parse(file, tree.path("Addr").textValue(), Optional.of(files));
    }

    private static Optional<Path> path(JsonNode tls, String field) {
        String value = tls.path(field).asText("");
        return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    }

    private static PluginAddress parse(Path file, String address, Optional<PluginTls> tls) throws IOException {
        try {
            return PluginAddress.parse(address, tls);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is longer than a plugin file can be");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
