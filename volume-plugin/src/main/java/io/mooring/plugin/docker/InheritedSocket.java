package io.mooring.plugin.docker;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/**
 * A socket that listened before this process was started, as systemd's socket activation has it: callers that come while
 * the plugin starts, or starts again, wait instead of being refused. It comes as standard input ({@code
 * StandardInput=socket}; the launcher moves the third descriptor there), which is where Java looks for it. It belongs to
 * whoever made it: it is neither replaced nor removed.
 */
final class InheritedSocket {
    private InheritedSocket() {}

    /** Whether what this process was given listens at that path. */
    static boolean listensAt(Path socket) throws IOException {
        Channel inherited = System.inheritedChannel();
        return inherited instanceof ServerSocketChannel server
                && server.getLocalAddress() instanceof UnixDomainSocketAddress address
                && address.getPath().toAbsolutePath().normalize().equals(socket);
    }
}
