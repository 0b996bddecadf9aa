package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Signatures;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.RandomAccessFile;
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
import org.junit.jupiter.params.provider.EnumSource;

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
    @EnumSource(Signatures.class)
    void neverFormatsDeviceWithASignature(Signatures signature)
            throws IOException, CommandException, NoSuchAlgorithmException {
        assertThat(plugin.create("vol1", Map.of("overwritefs", "true", "newfstype", "xfs"))
                        .err())
                .isEmpty();
        signature.plant(site.image("vol1"));
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

    @ParameterizedTest
    @EnumSource(Signatures.class)
    void formatsOnceWhatAnOperatorGivesUpWithAToken(Signatures signature) throws IOException, CommandException {
        plugin.create("vol1", Map.of());
        signature.plant(site.image("vol1"));
        String token = plugin.call("/Mooring.WipeToken", Map.of("Name", "vol1"))
                .body()
                .path("Token")
                .asText();
        assertThat(plugin.call("/Mooring.Wipe", Map.of("Name", "vol1", "Token", "0" + token))
                        .err())
                .contains("Nothing was wiped");
        assertThat(plugin.mount("vol1", "1").err()).contains("neither mounted nor formatted");

        assertThat(plugin.call("/Mooring.Wipe", Map.of("Name", "vol1", "Token", token))
                        .err())
                .isEmpty();

        Path mounted = Path.of(plugin.mount("vol1", "1").mountpoint());
        Files.writeString(mounted.resolve("file"), "new");
        assertThat(plugin.call("/Mooring.Wipe", Map.of("Name", "vol1", "Token", token))
                        .err())
                .contains("Nothing was wiped");
        plugin.unmount("vol1", "1");
        assertThat(Path.of(plugin.mount("vol1", "2").mountpoint(), "file")).hasContent("new");
    }

    @Test
    void givesNothingUpThatSomebodyHas() throws IOException {
        plugin.create("vol1", Map.of());
        Files.writeString(Path.of(plugin.mount("vol1", "1").mountpoint(), "file"), "kept");
        String token = plugin.call("/Mooring.WipeToken", Map.of("Name", "vol1"))
                .body()
                .path("Token")
                .asText();
        assertThat(plugin.call("/Mooring.Wipe", Map.of("Name", "vol1", "Token", token))
                        .status())
                .isEqualTo(500);
        plugin.unmount("vol1", "1");
        assertThat(Path.of(plugin.mount("vol1", "2").mountpoint(), "file")).hasContent("kept");
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
