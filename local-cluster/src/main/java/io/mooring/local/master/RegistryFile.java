package io.mooring.local.master;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.maintenance.Protos.Schedule;

/** The registry as a file: JSON, replaced as a whole; messages in it are protobuf in base64. */
final class RegistryFile {
    /** All that is in it. */
    record Content(
            Map<Registry.Kind, TreeMap<String, Long>> agents,
            Map<String, AgentInfo> infos,
            Schedule schedule,
            List<MachineID> down,
            Map<String, Double> weights) {
        Content {
            agents = new EnumMap<>(agents);
            infos = new TreeMap<>(infos);
            down = List.copyOf(down);
            weights = new TreeMap<>(weights);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INFOS = "infos";
    private static final String SCHEDULE = "schedule";
    private static final String DOWN = "down";
    private static final String WEIGHTS = "weights";

    private final Path file;

    RegistryFile(Path file) {
        this.file = file;
    }

    Optional<Content> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(content(JSON.readTree(file.toFile())));
        } catch (IOException | IllegalArgumentException e) {
            throw new UncheckedIOException(
                    "cannot read the master's registry " + file, e instanceof IOException io ? io : new IOException(e));
        }
    }

    private static Content content(JsonNode root) throws IOException {
        Map<Registry.Kind, TreeMap<String, Long>> agents = new EnumMap<>(Registry.Kind.class);
        for (Registry.Kind kind : Registry.Kind.values()) {
            JsonNode ids = root.path(kind.name());
            agents.put(
                    kind,
                    ids.isObject()
                            ? JSON.convertValue(ids, new TypeReference<TreeMap<String, Long>>() {})
                            : new TreeMap<>());
        }
        Map<String, AgentInfo> infos = new TreeMap<>();
        for (Map.Entry<String, JsonNode> info : root.path(INFOS).properties()) {
            infos.put(info.getKey(), message(info.getValue(), AgentInfo.parser()));
        }
        List<MachineID> down = new ArrayList<>();
        for (JsonNode machine : root.path(DOWN)) {
            down.add(message(machine, MachineID.parser()));
        }
        Schedule schedule =
                root.has(SCHEDULE) ? message(root.path(SCHEDULE), Schedule.parser()) : Schedule.getDefaultInstance();
        Map<String, Double> weights = new TreeMap<>();
        root.path(WEIGHTS)
                .properties()
                .forEach(each -> weights.put(each.getKey(), each.getValue().asDouble()));
        return new Content(agents, infos, schedule, down, weights);
    }

    private static <M extends MessageLite> M message(JsonNode base64, Parser<M> parser)
            throws InvalidProtocolBufferException {
        return parser.parseFrom(Base64.getDecoder().decode(base64.asText()));
    }

    private static String base64(MessageLite message) {
        return Base64.getEncoder().encodeToString(message.toByteArray());
    }

    void write(Content content) {
        ObjectNode root = JSON.valueToTree(content.agents());
        ObjectNode infos = root.putObject(INFOS);
        content.infos().forEach((id, info) -> infos.put(id, base64(info)));
        root.put(SCHEDULE, base64(content.schedule()));
        content.down().forEach(machine -> root.withArray(DOWN).add(base64(machine)));
        ObjectNode weights = root.putObject(WEIGHTS);
        content.weights().forEach(weights::put);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JSON.writeValue(fresh.toFile(), root);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the master's registry " + file, e);
        }
    }
}
