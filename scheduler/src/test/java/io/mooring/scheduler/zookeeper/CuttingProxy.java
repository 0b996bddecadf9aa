package io.mooring.scheduler.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands between a client and ZooKeeper, and breaks the connection at a chosen moment. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    /** Clients to which nothing is written any more. */
    private final List<Socket> mute = new CopyOnWriteArrayList<>();

    private volatile Cut cut;
    private volatile boolean refusing;
    private volatile boolean holding;

    /** When the connection breaks, seen from the request that has the marker in it. */
    enum Moment {
        /** The server never gets it. */
        BEFORE_IT_ARRIVES,
        /** The server does what it says, and its answer is lost. */
        BEFORE_IT_IS_ANSWERED
    }

    private record Cut(Moment moment, byte[] marker, CountDownLatch done) {}

    CuttingProxy(int serverPort) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Breaks the connection, so many times, under a request that contains the marker. */
    CountDownLatch cut(Moment moment, String marker, int times) {
        CountDownLatch done = new CountDownLatch(times);
        cut = new Cut(moment, marker.getBytes(StandardCharsets.UTF_8), done);
        return done;
    }

    /** Lets no connection in until {@link #admit}. */
    void refuse() {
        refusing = true;
    }

    void admit() {
        refusing = false;
    }

    /** Takes bytes and passes none on until {@link #release}; what it took is lost with its connection then. */
    void hold() {
        holding = true;
    }

    void release() {
        breakAll();
        holding = false;
    }

    void breakAll() {
        open.forEach(CuttingProxy::shut);
        open.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        breakAll();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    shut(client);
                    continue;
                }
                Socket upstream = new Socket();
                upstream.connect(server);
                open.addAll(List.of(client, upstream));
                start(() -> up(client, upstream));
                start(() -> down(upstream, client));
            } catch (IOException e) {
                // The listener was closed, or ZooKeeper is away: the client tries again.
            }
        }
    }

    private void up(Socket client, Socket upstream) {
        byte[] bytes = new byte[1 << 20];
        try (client;
                upstream;
                InputStream in = client.getInputStream();
                OutputStream out = upstream.getOutputStream()) {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                Cut now = cut;
                if (holding) {
                    continue;
                }
                if (now != null && now.done.getCount() > 0 && contains(bytes, n, now.marker)) {
                    if (now.moment == Moment.BEFORE_IT_IS_ANSWERED) {
                        mute.add(client);
                        out.write(bytes, 0, n);
                        out.flush();
                        // Long enough for one server to write it; the answer goes nowhere.
                        TimeUnit.MILLISECONDS.sleep(300);
                    }
                    now.done.countDown();
                    return;
                }
                out.write(bytes, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // One of the two is gone; both are closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void down(Socket upstream, Socket client) {
        byte[] bytes = new byte[1 << 16];
        try (client;
                upstream;
                InputStream in = upstream.getInputStream();
                OutputStream out = client.getOutputStream()) {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (!holding && !mute.contains(client)) {
                    out.write(bytes, 0, n);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // One of the two is gone; both are closed.
        }
    }

    private static boolean contains(byte[] bytes, int length, byte[] marker) {
        for (int i = 0; i + marker.length <= length; i++) {
            if (Arrays.equals(bytes, i, i + marker.length, marker, 0, marker.length)) {
                return true;
            }
        }
        return false;
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
