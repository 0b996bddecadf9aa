package io.mooring.executor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A unix socket in front of a server that only listens on TCP. */
public final class SocketBridge implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final String address;
    private final AtomicInteger connections = new AtomicInteger();

    public SocketBridge(Path socket, String address) throws IOException {
        this.address = address;
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        daemon(this::accept);
    }

    /** How many have come. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (channel.isOpen()) {
                SocketChannel from = channel.accept();
                connections.incrementAndGet();
                String[] parts = address.split(":");
                SocketChannel to = SocketChannel.open(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
                daemon(() -> copy(from, to));
                daemon(() -> copy(to, from));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    /** By the channels themselves: streams over one of them would wait for each other. */
    private static void copy(SocketChannel in, SocketChannel out) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try (in;
                out) {
            while (in.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        } catch (IOException e) {
            return; // one of the two has gone
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "bridge");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
