package io.mooring.plugin.platform;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a platform's double has for volumes: files, which it shows to the one machine that they are attached to as block
 * devices, under the names that the real platform's devices have there.
 */
final class Disks {
    private final Site site;
    private final Path directory;
    private final Map<String, String> devices = new TreeMap<>();

    Disks(Site site, Path directory) throws IOException {
        this.site = site;
        this.directory = Files.createDirectories(directory);
    }

    /** Where the machine shows its disks by id. */
    Path byId() throws IOException {
        return Files.createDirectories(directory.resolve("by-id"));
    }

    void make(String id, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(file(id).toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    Path file(String id) {
        return directory.resolve(id + ".img");
    }

    void copy(String from, String to) throws CommandException {
        site.run("cp", "--sparse=always", file(from).toString(), file(to).toString());
    }

    void plug(String id, String name) throws IOException, CommandException {
        String device = site.run("losetup", "--find", "--show", file(id).toString());
        devices.put(id, device);
        Files.createSymbolicLink(byId().resolve(name), Path.of(device));
    }

    void unplug(String id, String name) throws IOException, CommandException {
        Files.delete(byId().resolve(name));
        site.run("losetup", "--detach", devices.remove(id));
    }
}
