package io.mooring.plugin.docker;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The path of the plugin's socket. A socket that a killed process left refuses connections and is replaced; one that
 * answers belongs to a living process and is left alone.
 */
final class PluginSocket {
    private static final int MAX_PATH = 107;

    private PluginSocket() {}

    /**
     * Makes the path free to be bound.
     *
     * @throws VolumeException when a process listens there, something else lies there, or the path is too long
     */
    static void clear(Path socket) throws IOException, VolumeException {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new VolumeException("socket path " + socket + " is longer than the " + MAX_PATH
                    + " bytes that the kernel allows; choose a shorter --plugin-dir");
        }
        Files.createDirectories(socket.getParent());
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new VolumeException(socket + " exists and is not a socket; move it away");
        }
        if (answers(socket)) {
            throw new VolumeException(
                    "a process serves " + socket + " already; stop it, or choose another --plugin-dir");
        }
        Files.delete(socket);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
