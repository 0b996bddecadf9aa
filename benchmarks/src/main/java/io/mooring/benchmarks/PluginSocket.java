package io.mooring.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Calls of the Docker volume protocol, each on a connection of its own, as a Docker Engine makes them. */
final class PluginSocket {
    private PluginSocket() {}

    /** Waits until a plugin answers, half a minute at most. */
    static void awaitReady(Path socket) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                call(socket, "Plugin.Activate", "");
                return;
            } catch (IOException e) {
                if (attempt > 1500) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /** The answer's body; anything but success is an exception. */
    static String call(Path socket, String method, String body) throws IOException {
        String request = "POST /" + method + " HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer rest = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.substring(0, Math.min(answer.length(), 64)).contains(" 200 ")) {
                throw new IOException(method + " of " + body + " was answered with " + answer);
            }
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
