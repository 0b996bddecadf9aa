package io.mooring.common.mesoshttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.recordio.MalformedRecordException;
import io.mooring.common.recordio.RecordDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Mesos 1.11.0 sent, byte for byte, on the streams of its three APIs. */
@Timeout(60)
class RecordedStreamsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "executor-json",
                "executor-protobuf",
                "operator-json",
                "operator-protobuf",
                "scheduler-json",
                "scheduler-protobuf"
            })
    void decodesTheRecordedEventsInThePiecesThatCame(String name) throws IOException {
        JsonNode recording = recording(name);
        byte[] stream =
                Base64.getDecoder().decode(recording.get("recordio_base64").asText());
        List<byte[]> records = new ArrayList<>();
        RecordDecoder decoder = new RecordDecoder(64 << 20, records::add);
        int at = 0;
        for (JsonNode size : recording.get("chunk_sizes")) {
            decoder.feed(stream, at, size.asInt());
            at += size.asInt();
        }

        assertThat(at).isEqualTo(stream.length);
        assertThat(decoder.atBoundary()).isTrue();
        assertThat(framed(records)).isEqualTo(stream);
        assertAreTheEvents(records, recording, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "executor-json",
                "executor-protobuf",
                "operator-json",
                "operator-protobuf",
                "scheduler-json",
                "scheduler-protobuf"
            })
    void decodesTheSameEventsWhereverTheStreamIsSplit(String name) throws IOException {
        byte[] stream = Base64.getDecoder()
                .decode(recording(name).get("recordio_base64").asText());
        List<byte[]> whole = decode(stream, stream.length);
        for (int at = 0; at < stream.length; at++) {
            List<byte[]> records = decode(stream, at);

            assertThat(records).as("split at %d", at).hasSameSizeAs(whole);
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.get(i)).isEqualTo(whole.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "executor-json",
                "executor-protobuf",
                "operator-json",
                "operator-protobuf",
                "scheduler-json",
                "scheduler-protobuf"
            })
    void readsTheWholeAnswerAsItCameFromTheSocket(String name) throws IOException {
        JsonNode recording = recording(name);
        List<byte[]> records = new ArrayList<>();
        StreamEnd end;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread master = new Thread(() -> replay(server, recording), "recorded");
            master.start();
            URI endpoint = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api/v1/scheduler");
            MesosHttp.Limits limits = new MesosHttp.Limits(
                    Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), 64 << 20);
            try (MesosHttp http = new MesosHttp(endpoint, Access.open(), limits)) {
                end = http.subscribe(new byte[] {1}, () -> {}, records::add);
            }
        }

        assertThat(end).isInstanceOf(StreamEnd.Closed.class);
        assertAreTheEvents(records, recording, name);
    }

    private static void replay(ServerSocket server, JsonNode recording) {
        byte[] wire = Base64.getDecoder().decode(recording.get("wire_base64").asText());
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            socket.getInputStream().read(new byte[4096]);
            int at = 0;
            for (JsonNode size : recording.get("read_sizes")) {
                socket.getOutputStream().write(wire, at, size.asInt());
                socket.getOutputStream().flush();
                at += size.asInt();
            }
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<byte[]> decode(byte[] stream, int split) throws MalformedRecordException {
        List<byte[]> records = new ArrayList<>();
        RecordDecoder decoder = new RecordDecoder(64 << 20, records::add);
        decoder.feed(stream, 0, split);
        decoder.feed(stream, split, stream.length - split);
        return records;
    }

    private static byte[] framed(List<byte[]> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] record : records) {
            bytes.writeBytes((record.length + "\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(record);
        }
        return bytes.toByteArray();
    }

    private static void assertAreTheEvents(List<byte[]> records, JsonNode recording, String name) throws IOException {
        assertThat(records).hasSize(recording.get("events").size());
        if (name.endsWith("json")) {
            for (int i = 0; i < records.size(); i++) {
                assertThat(JSON.readTree(records.get(i)))
                        .isEqualTo(recording.get("events").get(i));
            }
        }
    }

    private static JsonNode recording(String name) throws IOException {
        try (InputStream in = RecordedStreamsTest.class.getResourceAsStream("/mesos/streams/" + name + ".json")) {
            return JSON.readTree(in);
        }
    }
}
