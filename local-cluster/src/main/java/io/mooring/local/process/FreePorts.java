package io.mooring.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports in a row that nobody listens on. They lie below those that the kernel gives to outgoing connections, or one of
 * these could take a port before the process that it is for listens.
 */
final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 31_000;
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /** The first of that many. */
    static int inARow(int count) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - count);
            if (allFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row were found from " + LOWEST + " to " + HIGHEST);
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
