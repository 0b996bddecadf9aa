package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
    @TempDir
    Path directory;

    private final Fetcher fetcher = new Fetcher();
    private Path sandbox;
    private Path source;

    @BeforeEach
    void makeDirectories() throws IOException {
        sandbox = Files.createDirectory(directory.resolve("sandbox"));
        source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(sandbox.resolve("stderr"), "");
    }

    private static CommandInfo.URI.Builder uri(Object value) {
        return CommandInfo.URI.newBuilder().setValue(value.toString());
    }

    private Optional<String> fetch(CommandInfo.URI.Builder uri) {
        return fetcher.fetch("c1", List.of(uri.build()), sandbox, Optional.empty());
    }

    private Path written(String name, String content) throws IOException {
        return Files.writeString(source.resolve(name), content);
    }

    @Test
    void copiesAFileAndMakesItExecutableIfAsked() throws IOException {
        assertThat(fetch(uri("file://" + written("tool", "#!/bin/sh\n")).setExecutable(true)))
                .isEmpty();

        assertThat(sandbox.resolve("tool")).isExecutable().hasContent("#!/bin/sh\n");
    }

    @Test
    void putsAFileWhereItIsWanted() throws IOException {
        assertThat(fetch(uri(written("plain", "text")).setOutputFile("sub/other")))
                .isEmpty();

        assertThat(sandbox.resolve("sub/other")).hasContent("text");
    }

    @Test
    void extractsATarAndKeepsItBesideWhatWasInIt() throws IOException, InterruptedException {
        written("inside", "text");
        Path tar = source.resolve("archive.tar.gz");
        assertThat(new ProcessBuilder("tar", "-C", source.toString(), "-czf", tar.toString(), "inside")
                        .start()
                        .waitFor())
                .isZero();

        assertThat(fetch(uri(tar))).isEmpty();

        assertThat(sandbox.resolve("inside")).hasContent("text");
        assertThat(sandbox.resolve("archive.tar.gz")).exists();
    }

    @Test
    void extractsAZipWithItsPermissions() throws IOException {
        Path zip = source.resolve("archive.zip");
        try (FileSystem in =
                FileSystems.newFileSystem(zip, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            Files.createDirectory(in.getPath("/bin"));
            Files.writeString(in.getPath("/bin/tool"), "text");
            Files.setPosixFilePermissions(in.getPath("/bin/tool"), PosixFilePermissions.fromString("rwxr-x---"));
        }

        assertThat(fetch(uri(zip))).isEmpty();

        assertThat(sandbox.resolve("bin/tool")).hasContent("text").isExecutable();
    }

    @Test
    void doesNotExtractWhatIsNotToBeExtracted() throws IOException {
        Path tar = written("archive.tar", "no tar at all");

        assertThat(fetch(uri(tar).setExtract(false))).isEmpty();

        assertThat(sandbox.resolve("archive.tar")).hasContent("no tar at all");
    }

    @Test
    void downloadsAndFailsOnEveryAnswerButOk() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/there", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("text".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        try {
            String base = "http://127.0.0.1:" + server.getAddress().getPort();

            assertThat(fetch(uri(base + "/there"))).isEmpty();
            assertThat(sandbox.resolve("there")).hasContent("text");
            assertThat(fetch(uri(base + "/missing")))
                    .contains("Failed to fetch all URIs for container 'c1': exited with status 1");
            assertThat(sandbox.resolve("stderr")).content().contains("received HTTP return code 404");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void refusesTargetsOutsideTheSandboxBeforeAnythingIsFetched() throws IOException {
        Path file = written("plain", "text");

        assertThat(fetch(uri(file).setOutputFile("../escaped")))
                .contains("URI output file must be within the sandbox directory");
        assertThat(fetch(uri("http://host"))).contains("Malformed URI (missing path): http://host");
        assertThat(directory.resolve("escaped")).doesNotExist();
    }
}
