package io.mooring.executor.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
        /** With another endpoint in front, which keeps names in memory. */
        V0_11_0,
        V0_11
    }

    private final Version version;
    private final Map<String, Integer> uses = new TreeMap<>();
    private final List<String> volumes = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private final List<String> wiped = new ArrayList<>();
    private final Set<String> remembered = new TreeSet<>();
    private boolean removeDisabled;

    public RexRay(Version version) {
        this.version = version;
    }

    /** As {@code remove.disable} has it: a Remove is answered with success and does nothing. */
    public RexRay withRemoveDisabled() {
        removeDisabled = true;
        return this;
    }

    /** Started again: the volumes stay, what was in memory is gone. */
    public synchronized void restart() {
        remembered.clear();
        uses.clear();
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
        if (body.isBlank() && !helped()) {
            return failure(method, "", "EOF");
        }
        JsonNode request = JSON.readTree(body);
        String name = request.path("Name").asText("");
        return switch (method.substring("VolumeDriver.".length())) {
            case "Capabilities" -> success("{\"Capabilities\": {\"Scope\": \"global\"}}");
            case "Get" -> knows(name) ? success("{\"Volume\": " + shown(name) + "}") : missing(method, name);
            case "List" -> list();
            case "Create" -> create(method, name, request.path("Opts"));
            case "Remove" -> remove(method, name);
            case "Mount" -> mount(method, name);
            case "Unmount" -> unmount(method, name);
            case "Path" -> success("{\"Mountpoint\": \"\"}");
            default -> new Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
        };
    }

    private boolean knows(String name) {
        return volumes.contains(name) && (version != Version.V0_11_0 || remembered.contains(name));
    }

    private Answer list() {
        remembered.addAll(volumes);
        return success("{\"Volumes\": ["
                + String.join(", ", volumes.stream().map(this::shown).toList()) + "]}");
    }

    private Answer create(String method, String name, JsonNode options) {
        boolean overwrite = false;
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            overwrite |= option.getKey().toLowerCase(Locale.ROOT).equals("overwritefs")
                    && option.getValue().asText().equals("true");
        }
        if (volumes.contains(name)) {
            if (version == Version.V0_11_0) {
                return success("{}"); // and it does not remember it
            }
            if (version != Version.V0_3) {
                return failure(method, name, "volume name already exists");
            }
            if (overwrite) {
                wiped.add(name);
            }
            return success("{}");
        }
        volumes.add(name);
        remembered.add(name);
        return success("{}");
    }

    private Answer remove(String method, String name) {
        if (!removeDisabled && (!knows(name) || !volumes.remove(name))) {
            return missing(method, name);
        }
        return success("{}");
    }

    private Answer mount(String method, String name) {
        if (version == Version.V0_11_0) {
            if (volumes.contains(name) && !remembered.contains(name)) {
                return new Answer(0, ""); // it makes one, is told that there is one, and falls over that
            }
            create(method, name, JSON.createObjectNode());
        }
        if (!volumes.contains(name) || elsewhere.contains(name)) {
            return missing(method, name);
        }
        uses.merge(name, 1, Integer::sum);
        return success("{\"Mountpoint\": \"" + path(name) + "\"}");
    }

    private String path(String name) {
        return version == Version.V0_11_0
                ? "/var/lib/rexray/docker/volumes/" + name
                : "/var/lib/rexray/volumes/" + name + "/data";
    }

    /** A bare counter; the mount ID means nothing to it. */
    private Answer unmount(String method, String name) {
        int before = uses.getOrDefault(name, 0);
        boolean nothingToDo = before == 0 && version != Version.V0_3 && version != Version.V0_11_0;
        if (nothingToDo || !knows(name)) {
            return missing(method, name);
        }
        uses.put(name, Math.max(0, before - 1));
        return success("{}");
    }

    private String shown(String name) {
        if (version == Version.V0_11_0) {
            String point = uses.getOrDefault(name, 0) > 0 ? path(name) : "";
            return "{\"Name\": \"" + name + "\", \"Mountpoint\": \"" + point + "\", \"Status\": {\"name\": \"" + name
                    + "\"}}";
        }
        return version == Version.V0_3
                ? "{\"Name\": \"" + name + "\", \"Mountpoint\": \"\"}"
                : "{\"Name\": \"" + name + "\", \"Mountpoint\": \"\", \"Status\": {\"name\": \"" + name
                        + "\", \"size\": 16, \"iops\": 0, \"type\": \"\", \"availabilityZone\": \"\", \"fields\": null,"
                        + " \"service\": \"ebs\", \"server\": \"ebs\"}}";
    }

    /** Made with Docker's own helper library. */
    private boolean helped() {
        return version == Version.V0_11 || version == Version.V0_11_0;
    }

    private Answer missing(String method, String name) {
        if (version == Version.V0_11_0) {
            return failure(method, name, "unknown volume");
        }
        return failure(method, name, version == Version.V0_3 ? "No volumes returned" : "resource not found");
    }

    private Answer success(String body) {
        return new Answer(200, "application/vnd.docker.plugins.v1." + (helped() ? "1" : "2") + "+json", body);
    }

    /** Up to 0.9 the text is not escaped, under another key, and called plain text. */
    private Answer failure(String method, String name, String text) {
        if (version == Version.V0_11_0) {
            return new Answer(
                    500,
                    "application/vnd.docker.plugins.v1.1+json",
                    "{\"Err\":\"docker-csi-bridge: " + method.substring("VolumeDriver.".length()) + ": " + text + ": "
                            + name + "\"}");
        }
        return version == Version.V0_11
                ? new Answer(
                        500,
                        "application/vnd.docker.plugins.v1.1+json",
                        "{\"Err\":\"docker-legacy: " + method.substring("VolumeDriver.".length()) + ": " + name
                                + ": failed: " + text + "\"}")
                : new Answer(500, "text/plain; charset=utf-8", "{\"Error\":\"" + text + "\"}\n");
    }
}
