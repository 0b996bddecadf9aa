package io.mooring.plugin.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file by which Docker finds a plugin that has no socket: its URL. Another plugin's is left as it is. */
final class SpecFile {
    private static final Logger LOG = LoggerFactory.getLogger(SpecFile.class);

    private final Path file;
    private final String url;

    SpecFile(Path file, String url) {
        this.file = file;
        this.url = url;
    }

    void write() throws IOException {
        Files.createDirectories(file.getParent());
        try {
            Files.writeString(file, url + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            if (!ours()) {
                LOG.atWarn()
                        .log("{} names another address than {}; callers will not find this plugin by it", file, url);
            }
        }
    }

    void remove() {
        try {
            if (ours()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Left {}", file);
        }
    }

    private boolean ours() throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) < 4096
                && Files.readString(file, StandardCharsets.UTF_8).strip().equals(url);
    }
}
