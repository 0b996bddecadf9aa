package io.mooring.executor.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A REX-Ray of one generation, as far as its sources and recordings say how it answers: the forms of its errors, which
 * options it heeds, its bare counter of uses, and what it does to a volume that is there already. Its volumes are names;
 * other hosts of the same storage are played by {@link #heldElsewhere}.
 */
public final class RexRay implements StubPlugin.Behaviour {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The generations that answer differently. */
    public enum Version {
        V0_3,
        V0_4,
        V0_11
    }

    private final Version version;
    private final Map<String, Integer> uses = new TreeMap<>();
    private final List<String> volumes = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private final List<String> wiped = new ArrayList<>();
    private boolean removeDisabled;

    public RexRay(Version version) {
        this.version = version;
    }

    /** As {@code remove.disable} has it: a Remove is answered with success and does nothing. */
    public RexRay withRemoveDisabled() {
        removeDisabled = true;
        return this;
    }

    /** Another host has it attached. */
    public synchronized RexRay heldElsewhere(String volume) {
        volumes.add(volume);
        elsewhere.add(volume);
        return this;
    }

    public synchronized List<String> volumes() {
        return List.copyOf(volumes);
    }

    /** Volumes that were formatted though they were there already. */
    public synchronized List<String> wiped() {
        return List.copyOf(wiped);
    }

    @Override
    public synchronized Answer answer(String method, String body) throws IOException {
        if (method.equals("Plugin.Activate")) {
            return success("{\"Implements\": [\"VolumeDriver\"]}");
        }
        if (!method.startsWith("VolumeDriver.")) {
            return new Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
        }
        if (body.isBlank() && version != Version.V0_11) {
            return failure(method, "", "EOF");
        }
        JsonNode request = JSON.readTree(body);
        String name = request.path("Name").asText("");
        return switch (method.substring("VolumeDriver.".length())) {
            case "Capabilities" -> success("{\"Capabilities\": {\"Scope\": \"global\"}}");
            case "Get" -> volumes.contains(name) ? success("{\"Volume\": " + shown(name) + "}") : missing(method, name);
            case "List" ->
                success("{\"Volumes\": ["
                        + String.join(", ", volumes.stream().map(this::shown).toList()) + "]}");
            case "Create" -> create(method, name, request.path("Opts"));
            case "Remove" -> remove(method, name);
            case "Mount" -> mount(method, name);
            case "Unmount" -> unmount(method, name);
            case "Path" -> success("{\"Mountpoint\": \"\"}");
            default -> new Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
        };
    }

    private Answer create(String method, String name, JsonNode options) {
        boolean overwrite = false;
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            overwrite |= option.getKey().toLowerCase(Locale.ROOT).equals("overwritefs")
                    && option.getValue().asText().equals("true");
        }
        if (volumes.contains(name)) {
            if (version != Version.V0_3) {
                return failure(method, name, "volume name already exists");
            }
            if (overwrite) {
                wiped.add(name);
            }
            return success("{}");
        }
        volumes.add(name);
        return success("{}");
    }

    private Answer remove(String method, String name) {
        if (!removeDisabled && !volumes.remove(name)) {
            return missing(method, name);
        }
        return success("{}");
    }

    private Answer mount(String method, String name) {
        if (!volumes.contains(name) || elsewhere.contains(name)) {
            return missing(method, name);
        }
        uses.merge(name, 1, Integer::sum);
        return success("{\"Mountpoint\": \"/var/lib/rexray/volumes/" + name + "/data\"}");
    }

    /** A bare counter; the mount ID means nothing to it. */
    private Answer unmount(String method, String name) {
        int before = uses.getOrDefault(name, 0);
        if (before == 0 && version != Version.V0_3) {
            return missing(method, name);
        }
        uses.put(name, Math.max(0, before - 1));
        return success("{}");
    }

    private String shown(String name) {
        return version == Version.V0_3
                ? "{\"Name\": \"" + name + "\", \"Mountpoint\": \"\"}"
                : "{\"Name\": \"" + name + "\", \"Mountpoint\": \"\", \"Status\": {\"name\": \"" + name
                        + "\", \"size\": 16, \"iops\": 0, \"type\": \"\", \"availabilityZone\": \"\", \"fields\": null,"
                        + " \"service\": \"ebs\", \"server\": \"ebs\"}}";
    }

    private Answer missing(String method, String name) {
        return failure(method, name, version == Version.V0_3 ? "No volumes returned" : "resource not found");
    }

    private Answer success(String body) {
        return new Answer(
                200, "application/vnd.docker.plugins.v1." + (version == Version.V0_11 ? "1" : "2") + "+json", body);
    }

    /** Up to 0.9 the text is not escaped, under another key, and called plain text. */
    private Answer failure(String method, String name, String text) {
        return version == Version.V0_11
                ? new Answer(
                        500,
                        "application/vnd.docker.plugins.v1.1+json",
                        "{\"Err\":\"docker-legacy: " + method.substring("VolumeDriver.".length()) + ": " + name
                                + ": failed: " + text + "\"}")
                : new Answer(500, "text/plain; charset=utf-8", "{\"Error\":\"" + text + "\"}\n");
    }
}
