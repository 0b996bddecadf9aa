package io.mooring.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class HttpListenerTest {
    private static final Endpoint SILENT = exchange -> Optional.empty();

    @Test
    void waitsForAPortThatIsBeingGivenUp() throws Exception {
        CompletableFuture<Integer> opened;
        int port;
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = holder.getLocalPort();
            opened = CompletableFuture.supplyAsync(() -> open(port));
            assertThatThrownBy(() -> opened.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        }
        assertThat(opened.get(60, TimeUnit.SECONDS)).isEqualTo(port);
    }

    @Test
    void namesThePortThatStaysTaken() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> HttpListener.open("test", holder.getLocalPort(), Optional.empty(), SILENT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + holder.getLocalPort());
        }
    }

    private static int open(int port) {
        try (HttpListener listener = HttpListener.open("test", port, Optional.empty(), SILENT)) {
            return listener.port();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
