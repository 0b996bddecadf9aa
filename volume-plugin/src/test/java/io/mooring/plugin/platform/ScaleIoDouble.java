package io.mooring.plugin.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.mooring.plugin.process.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A double of ScaleIO's gateway, written after its REST API 2.0: login by basic authentication answers a quoted token that
 * is the password of every other call, an old one is refused with 401; instances by {@code /api/types/T/instances} and
 * {@code /api/instances/T::id}, actions below them, texts for numbers where it wants texts, errors with {@code message},
 * {@code httpStatusCode} and {@code errorCode}. Behind it are files for volumes.
 */
final class ScaleIoDouble implements AutoCloseable {
    static final String GUID = "3E2F1A9B-0000-4711-8888-ABCDEF012345";
    static final String SDC = "b9dc09dd00000000";
    static final String OTHER_SDC = "b9dc09dd00000001";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long GRAIN_KB = 8L << 20;

    private final HttpsServer server;
    private final Disks disks;
    private final Map<String, ObjectNode> volumes = new LinkedHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private String token = "";
    private int logins;
    private int ids;

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        private RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** Over TLS, as gateways come: with a certificate of their own making, for another name. */
    ScaleIoDouble(Disks disks, SSLContext tls) throws IOException {
        this.disks = disks;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/api/", this::serve);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    String endpoint() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/api";
    }

    List<String> calls() {
        return calls;
    }

    int logins() {
        return logins;
    }

    /** As it happens after ten minutes. */
    synchronized void forgetToken() {
        token = "";
    }

    synchronized void mapElsewhere(String name) {
        map(named(name), OTHER_SDC);
    }

    synchronized void unmapElsewhere(String name) {
        named(name).putArray("mappedSdcInfo");
    }

    synchronized boolean has(String name) {
        return volumes.values().stream()
                .anyMatch(volume -> volume.path("name").asText().equals(name));
    }

    private ObjectNode named(String name) {
        return volumes.values().stream()
                .filter(volume -> volume.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        int status = 200;
        String body;
        try {
            String path = exchange.getRequestURI().getPath().substring("/api/".length());
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(exchange.getRequestMethod() + " " + path + " " + text);
            body = answer(exchange, path, text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text));
        } catch (RefusedException | CommandException e) {
            status = e instanceof RefusedException refused ? refused.status : 500;
            body = JSON.createObjectNode()
                    .put("message", e.getMessage())
                    .put("httpStatusCode", status)
                    .put("errorCode", 0)
                    .toString();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json;version=2.0");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized String answer(HttpExchange exchange, String path, JsonNode in)
            throws RefusedException, IOException, CommandException {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        String secret = basic == null
                ? ""
                : new String(Base64.getDecoder().decode(basic.substring("Basic ".length())), StandardCharsets.UTF_8);
        if (path.equals("login")) {
            if (!secret.equals("admin:Scaleio123")) {
                throw new RefusedException(401, "Unauthorized");
            }
            token = "YWRtaW46MTUwNjAwMDAwMDpl" + logins++;
            return "\"" + token + "\"";
        }
        if (token.isEmpty() || !secret.equals(":" + token)) {
            throw new RefusedException(401, "Unauthorized");
        }
        if (!path.equals("version")
                && !"application/json;version=2.0"
                        .equals(exchange.getRequestHeaders().getFirst("Accept"))) {
            throw new RefusedException(406, "Not Acceptable");
        }
        return exchange.getRequestMethod().equals("GET") ? read(path) : act(path, in);
    }

    private String read(String path) throws RefusedException {
        return switch (path) {
            case "version" -> "\"2.0.1.2\"";
            case "types/System/instances" -> "[{\"id\":\"0a11aff900000001\",\"name\":\"lab\"}]";
            case "instances/System::0a11aff900000001/relationships/ProtectionDomain" ->
                "[{\"id\":\"pd1\",\"name\":\"domain1\",\"systemId\":\"0a11aff900000001\"}]";
            case "instances/ProtectionDomain::pd1/relationships/StoragePool" ->
                "[{\"id\":\"sp1\",\"name\":\"pool1\"},{\"id\":\"sp2\",\"name\":\"pool2\"}]";
            case "instances/System::0a11aff900000001/relationships/Sdc" ->
                "[{\"id\":\"" + OTHER_SDC + "\",\"sdcGuid\":\"77777777-0000-0000-0000-000000000000\"},{\"id\":\"" + SDC
                        + "\",\"sdcGuid\":\"" + GUID + "\",\"sdcApproved\":true}]";
            case "instances/StoragePool::sp2/relationships/Statistics" ->
                "{\"capacityInUseInKb\":1048576,\"capacityAvailableForVolumeAllocationInKb\":104857600,"
                        + "\"maxCapacityInKb\":209715200}";
            case "types/Volume/instances" -> {
                ArrayNode all = JSON.createArrayNode();
                volumes.values().forEach(all::add);
                yield all.toString();
            }
            default -> volume(path).toString();
        };
    }

    private ObjectNode volume(String path) throws RefusedException {
        String id = path.startsWith("instances/Volume::") ? path.substring(18).split("/")[0] : "";
        ObjectNode volume = volumes.get(id);
        if (volume == null) {
            throw new RefusedException(404, "Could not find the volume");
        }
        return volume;
    }

    private String act(String path, JsonNode in) throws RefusedException, IOException, CommandException {
        if (path.equals("types/Volume/instances")) {
            return create(in);
        }
        if (path.endsWith("/action/snapshotVolumes")) {
            return snapshot(in.path("snapshotDefs").path(0));
        }
        ObjectNode volume = volume(path);
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "addMappedSdc" -> {
                if (!volume.path("mappedSdcInfo").isEmpty()
                        && !in.path("allowMultipleMappings").asText().equals("true")) {
                    throw new RefusedException(500, "Only a single SDC may be mapped to this volume at a time");
                }
                map(volume, in.path("sdcId").asText());
                disks.plug(volume.path("id").asText(), deviceName(volume));
            }
            case "removeMappedSdc" -> {
                if (!volume.path("mappedSdcInfo")
                        .path(0)
                        .path("sdcId")
                        .asText()
                        .equals(in.path("sdcId").asText())) {
                    throw new RefusedException(500, "The SDC is not mapped to this volume");
                }
                volume.putArray("mappedSdcInfo");
                disks.unplug(volume.path("id").asText(), deviceName(volume));
            }
            case "removeVolume" -> {
                if (!volume.path("mappedSdcInfo").isEmpty()) {
                    throw new RefusedException(500, "The volume is mapped");
                }
                volumes.remove(volume.path("id").asText());
            }
            case "setVolumeName" -> volume.put("name", in.path("newName").asText());
            case "setVolumeSize" -> {
                long kb = Long.parseLong(in.path("sizeInGB").textValue()) << 20;
                volume.put("sizeInKb", kb);
                disks.make(volume.path("id").asText(), kb << 10);
            }
            default -> throw new RefusedException(404, "no such action");
        }
        return "";
    }

    private String create(JsonNode in) throws RefusedException, IOException {
        boolean right = in.path("volumeSizeInKb").isTextual()
                && in.path("storagePoolId").asText().equals("sp2")
                && in.path("protectionDomainId").asText().equals("pd1")
                && in.path("volumeType").asText().equals("ThinProvisioned");
        if (!right) {
            throw new RefusedException(400, "Request message is not valid: " + in);
        }
        if (has(in.path("name").asText())) {
            throw new RefusedException(500, "Volume name already in use. Please use a different name.");
        }
        long wanted = Long.parseLong(in.path("volumeSizeInKb").textValue());
        long kb = (wanted + GRAIN_KB - 1) / GRAIN_KB * GRAIN_KB;
        return "{\"id\":\"" + add(in.path("name").asText(), kb) + "\"}";
    }

    private String add(String name, long kb) throws IOException {
        String id = String.format("4d4de8a1%08x", ids++);
        ObjectNode volume = JSON.createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("sizeInKb", kb)
                .put("storagePoolId", "sp2")
                .put("volumeType", "ThinProvisioned");
        volume.putArray("mappedSdcInfo");
        volumes.put(id, volume);
        disks.make(id, kb << 10);
        return id;
    }

    private String snapshot(JsonNode wanted) throws RefusedException, IOException, CommandException {
        ObjectNode source =
                volume("instances/Volume::" + wanted.path("volumeId").asText());
        String id = add(
                wanted.path("snapshotName").asText(), source.path("sizeInKb").asLong());
        disks.copy(source.path("id").asText(), id);
        return "{\"volumeIdList\":[\"" + id + "\"],\"snapshotGroupId\":\"5\"}";
    }

    private static void map(ObjectNode volume, String sdc) {
        volume.putArray("mappedSdcInfo")
                .addObject()
                .put("sdcId", sdc)
                .put("sdcIp", "10.0.0.1")
                .put("limitIops", 0)
                .put("limitBwInMbps", 0);
    }

    private static String deviceName(ObjectNode volume) {
        return "emc-vol-1a2b3c4d5e6f7081-" + volume.path("id").asText();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
