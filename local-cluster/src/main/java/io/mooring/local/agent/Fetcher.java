package io.mooring.local.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a command needs into its sandbox: copied or downloaded, then made executable or extracted. What goes wrong
 * in detail stands in the sandbox's stderr, as the original's fetcher writes it; the framework only hears that it did.
 * There is no cache: a URI that asks for it is fetched like any other.
 */
final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    /** A download that brings nothing for that long has failed. */
    private static final Duration STALL = Duration.ofMinutes(1);

    private static final String EXECUTABLE = "rwxr-xr-x";

    /** Gives what the framework is told when it failed; empty if all is there. */
    Optional<String> fetch(String containerId, List<CommandInfo.URI> uris, Path sandbox, Optional<String> user) {
        for (CommandInfo.URI uri : uris) {
            Optional<String> invalid = FetchTarget.objection(uri);
            if (invalid.isPresent()) {
                return invalid;
            }
        }
        for (CommandInfo.URI uri : uris) {
            try {
                fetch(uri, sandbox);
            } catch (IOException e) {
                LOG.atInfo().setCause(e).addKeyValue("uri", uri.getValue()).log("not fetched");
                tell(sandbox, "Failed to fetch '" + uri.getValue() + "': " + e.getMessage());
                return Optional.of(
                        "Failed to fetch all URIs for container '" + containerId + "': exited with status 1");
            }
        }
        try {
            if (user.isPresent()) {
                Launcher.own(sandbox, user.get());
            }
            return Optional.empty();
        } catch (IOException | Launcher.LaunchException e) {
            return Optional.of("Failed to chown '" + sandbox + "' to '" + user.orElse("") + "': " + e.getMessage());
        }
    }

    private static void fetch(CommandInfo.URI uri, Path sandbox) throws IOException {
        Path file = FetchTarget.file(uri, sandbox);
        Files.createDirectories(file.getParent());
        bring(uri.getValue().stripLeading(), file);
        if (uri.getExecutable()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(EXECUTABLE));
        } else if (uri.getExtract()) {
            Archives.extract(file, sandbox);
        }
    }

    private static void bring(String uri, Path file) throws IOException {
        if (uri.startsWith("http://") || uri.startsWith("https://")) {
            download(uri, file);
            return;
        }
        Path local = Path.of(uri.startsWith("file://") ? uri.substring("file://".length()) : uri);
        if (uri.contains("://") && !uri.startsWith("file://")) {
            throw new IOException("only http, https and file are fetched here, and '" + uri + "' is none of them");
        }
        if (!local.isAbsolute()) {
            throw new IOException("A relative path was passed for the resource but the Mesos framework home was not "
                    + "specified: " + uri);
        }
        if (!Files.isRegularFile(local)) {
            throw new IOException("'" + local + "' is no file");
        }
        Files.copy(local, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void download(String uri, Path file) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(uri).toURL().openConnection();
        connection.setConnectTimeout((int) STALL.toMillis());
        connection.setReadTimeout((int) STALL.toMillis());
        connection.setUseCaches(false);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            connection.disconnect();
            throw new IOException(
                    "Error downloading resource, received HTTP return code " + connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void tell(Path sandbox, String line) {
        try {
            Files.writeString(sandbox.resolve("stderr"), line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("sandbox", sandbox).log("stderr not written");
        }
    }
}
