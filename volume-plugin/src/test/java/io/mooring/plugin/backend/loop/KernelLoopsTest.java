package io.mooring.plugin.backend.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a sysfs of its own: what the kernel shows of a device whose file was emptied cannot be had at will. */
class KernelLoopsTest {
    @TempDir
    Path directory;

    private Path image;
    private KernelLoops kernel;

    @BeforeEach
    void attach() throws IOException {
        image = Files.write(directory.resolve("image"), new byte[4096]);
        Path device = Files.createDirectories(directory.resolve("block/loop7/loop"));
        Files.writeString(device.resolve("backing_file"), image + "\n");
        Files.writeString(device.resolve("autoclear"), "0\n");
        Files.writeString(device.resolveSibling("dev"), "7:7\n");
        Files.writeString(device.resolveSibling("ro"), "0\n");
        kernel = new KernelLoops(directory.resolve("block"), directory.resolve("partitions"));
        partitions("loop7");
    }

    private void partitions(String name) throws IOException {
        Files.writeString(
                directory.resolve("partitions"), "major minor  #blocks  name\n\n   7        7       4 " + name + "\n");
    }

    private Optional<List<String>> holding() {
        return kernel.holding(image, node -> true)
                .map(found -> found.stream().map(LoopDevice::node).toList());
    }

    @Test
    void findsTheDeviceOfAFile() throws IOException {
        assertThat(holding()).contains(List.of("/dev/loop7"));
        partitions("sda1");
        assertThat(holding()).as("a device without a size holds nothing").contains(List.of());
    }

    @Test
    void findsTheDeviceWithoutASizeOfAFileThatWasEmptied() throws IOException {
        partitions("sda1");
        Files.write(image, new byte[0]);
        assertThat(holding()).contains(List.of("/dev/loop7"));
    }

    @Test
    void findsItAlsoWhenALateWriteGaveTheFileASizeAgain() throws IOException {
        partitions("sda1");
        Files.setPosixFilePermissions(image, KernelLoops.EMPTIED);
        assertThat(holding()).contains(List.of("/dev/loop7"));
        Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-------"));
    }
}
