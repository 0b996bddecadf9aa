package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is on a device that is not blank stays on it. */
class SafeFormatIT {
    private static final long GB = 1L << 30;

    private Site site;
    private PluginClient plugin;

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        site = Site.of("loop");
        plugin = site.start("a").client();
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            site.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lvm",
                "luks",
                "luks2-backup",
                "dos",
                "gpt-backup",
                "swap",
                "zfs",
                "mdraid",
                "unknown-head",
                "unknown-tail"
            })
    void neverFormatsDeviceWithASignature(String kind) throws IOException, CommandException, NoSuchAlgorithmException {
        assertThat(plugin.create("vol1", Map.of("overwritefs", "true", "newfstype", "xfs"))
                        .err())
                .isEmpty();
        plant(kind);
        String before = digest();
        assertThat(plugin.mount("vol1", "1").err()).contains("neither mounted nor formatted");
        assertThat(plugin.create("vol1", Map.of("overwritefs", "true")).err()).isEmpty();
        assertThat(plugin.mount("vol1", "2").status()).isEqualTo(500);
        assertThat(digest()).isEqualTo(before);
        assertThat(site.devicesOf("vol1")).isEmpty();
    }

    @Test
    void mountsAForeignFileSystemAsItIs() throws IOException, CommandException {
        plugin.create("vol1", Map.of("newfstype", "xfs", "overwritefs", "true"));
        site.run("mkfs.ext4", "-q", "-F", "-L", "precious", site.image("vol1").toString());
        Path mounted = Path.of(plugin.mount("vol1", "1").mountpoint());
        assertThat(site.run(
                                "findmnt",
                                "-n",
                                "-o",
                                "FSTYPE,LABEL",
                                mounted.getParent().toString())
                        .split("\\s+"))
                .containsExactly("ext4", "precious");
    }

    @Test
    void neverFormatsAgainWhatWasFormattedOnce() throws IOException, CommandException {
        plugin.create("vol1", Map.of());
        plugin.mount("vol1", "1");
        plugin.unmount("vol1", "1");
        try (RandomAccessFile image = new RandomAccessFile(site.image("vol1").toFile(), "rw")) {
            image.setLength(0);
            image.setLength(GB);
        }
        assertThat(plugin.mount("vol1", "2").err()).contains("has been formatted before");
    }

    @Test
    void keepsDataWhenCreatedAgainWithOverwriteFs() throws IOException {
        plugin.create("vol1", Map.of("newfstype", "xfs", "overwritefs", "true"));
        Files.writeString(Path.of(plugin.mount("vol1", "1").mountpoint(), "file"), "kept");
        plugin.unmount("vol1", "1");
        assertThat(plugin.create("vol1", Map.of("newfstype", "xfs", "overwritefs", "true"))
                        .err())
                .isEmpty();
        assertThat(Path.of(plugin.mount("vol1", "2").mountpoint(), "file")).hasContent("kept");
    }

    private void plant(String kind) throws IOException, CommandException {
        Path image = site.image("vol1");
        switch (kind) {
            case "lvm" -> {
                write(512, "LABELONE".getBytes(StandardCharsets.US_ASCII));
                write(512 + 24, "LVM2 001".getBytes(StandardCharsets.US_ASCII));
            }
            case "luks" -> write(0, new byte[] {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe, 0, 1});
            case "luks2-backup" -> write(0x8000, new byte[] {'S', 'K', 'U', 'L', (byte) 0xba, (byte) 0xbe, 0, 2});
            case "dos" -> {
                write(446, new byte[] {(byte) 0x80, 1, 1, 0, (byte) 0x83, 1, 1, 1, 63, 0, 0, 0, 0, 8, 0, 0});
                write(510, new byte[] {0x55, (byte) 0xaa});
            }
            case "gpt-backup" -> write(GB - 512, "EFI PART".getBytes(StandardCharsets.US_ASCII));
            case "swap" -> site.run("mkswap", "-q", image.toString());
            case "zfs" -> {
                for (int uberblock = 0; uberblock < 8; uberblock++) {
                    write(128 * 1024 + uberblock * 1024L, new byte[] {0x0c, (byte) 0xb1, (byte) 0xba, 0, 0, 0, 0, 0});
                }
            }
            case "mdraid" -> {
                write(4096, new byte[] {(byte) 0xfc, 0x4e, 0x2b, (byte) 0xa9, 1, 0, 0, 0});
                write(4096 + 144, new byte[] {8, 0, 0, 0, 0, 0, 0, 0});
            }
            case "unknown-head" -> write(100_000, new byte[] {1});
            default -> write(GB - 3_000_000, new byte[] {1});
        }
    }

    private void write(long position, byte[] bytes) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(site.image("vol1").toFile(), "rw")) {
            image.seek(position);
            image.write(bytes);
        }
    }

    private String digest() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (RandomAccessFile image = new RandomAccessFile(site.image("vol1").toFile(), "r")) {
            byte[] end = new byte[8 << 20];
            image.readFully(end);
            digest.update(end);
            image.seek(GB - end.length);
            image.readFully(end);
            digest.update(end);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
