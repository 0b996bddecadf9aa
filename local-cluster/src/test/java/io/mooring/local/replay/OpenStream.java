package io.mooring.local.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.wire.MesosJson;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The receiving end of a subscription: collects its events until it ends. */
final class OpenStream {
    /** How it ended. */
    enum End {
        ORDERLY,
        CUT
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InputStream in;
    private final com.google.protobuf.Message protobuf;
    private final List<JsonNode> unseen = new ArrayList<>();
    private End end;

    /** A stream of JSON, or of the protobuf type if that is not null. */
    OpenStream(InputStream in, com.google.protobuf.Message protobuf) {
        this.in = in;
        this.protobuf = protobuf;
        Thread reader = new Thread(this::read, "stream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        End how = End.CUT;
        try (DataInputStream data = new DataInputStream(in)) {
            while (true) {
                int first = data.read();
                if (first < 0) {
                    how = End.ORDERLY;
                    return;
                }
                StringBuilder length = new StringBuilder();
                for (int c = first; c != '\n'; c = data.readByte()) {
                    length.append((char) c);
                }
                byte[] record = new byte[Integer.parseInt(length.toString())];
                data.readFully(record);
                add(json(record));
            }
        } catch (EOFException e) {
            how = End.CUT;
        } catch (IOException e) {
            how = End.CUT;
        } finally {
            ended(how);
        }
    }

    private JsonNode json(byte[] record) throws IOException {
        return protobuf == null
                ? JSON.readTree(record)
                : JSON.readTree(MesosJson.print(protobuf.getParserForType().parseFrom(record)));
    }

    private synchronized void add(JsonNode event) {
        unseen.add(event);
        notifyAll();
    }

    private synchronized void ended(End how) {
        end = how;
        notifyAll();
    }

    /** Takes the first event that fits; null if none comes in time. */
    synchronized JsonNode take(Predicate<JsonNode> fits, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (true) {
            for (JsonNode event : unseen) {
                if (fits.test(event)) {
                    unseen.remove(event);
                    return event;
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
    }

    /** How it ended; null if it did not in time. */
    synchronized End awaitEnd(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (end == null) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return end;
    }

    synchronized List<JsonNode> unseen() {
        return List.copyOf(unseen);
    }

    void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
