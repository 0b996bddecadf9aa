package io.mooring.plugin.site;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Speaks to a plugin as a Docker Engine does: one POST per connection, no Content-Type, an empty Host. */
public final class PluginClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path socket;

    public PluginClient(Path socket) {
        this.socket = socket;
    }

    public Answer mount(String name, String id) {
        return call("/VolumeDriver.Mount", request(name).put("ID", id).toString());
    }

    public Answer unmount(String name, String id) {
        return call("/VolumeDriver.Unmount", request(name).put("ID", id).toString());
    }

    public Answer create(String name, Map<String, String> options) {
        ObjectNode request = request(name);
        options.forEach(request.putObject("Opts")::put);
        return call("/VolumeDriver.Create", request.toString());
    }

    /** One of the calls whose only field is the name. */
    public Answer call(String method, Map<String, String> fields) {
        ObjectNode request = JSON.createObjectNode();
        fields.forEach(request::put);
        return call(method, request.toString());
    }

    /** A call with this body, whatever it is. */
    public Answer call(String method, String body) {
        return send("POST " + method, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A request with this line and these bytes. */
    public Answer send(String line, byte[] body) {
        String head = line + " HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write(head.getBytes(StandardCharsets.US_ASCII));
            request.write(body);
            ByteBuffer rest = ByteBuffer.wrap(request.toByteArray());
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            return answer(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(String response) throws IOException {
        int end = response.indexOf("\r\n\r\n");
        int status = Integer.parseInt(response.split(" ", 3)[1]);
        return new Answer(status, JSON.readTree(response.substring(end + 4)));
    }

    private static ObjectNode request(String name) {
        return JSON.createObjectNode().put("Name", name);
    }
}
