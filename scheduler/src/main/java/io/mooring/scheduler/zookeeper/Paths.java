package io.mooring.scheduler.zookeeper;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.definition.AppId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Where things are in ZooKeeper, relative to the root that Curator adds. */
final class Paths {
    static final String META = "/meta";
    static final String FRAMEWORK = "/framework";
    static final String CANDIDATES = "/leader/candidates";
    static final String EPOCH = "/leader/epoch";
    /** The number of the last write of this epoch: tells after a broken connection whether a batch is durable. */
    static final String COMMIT = "/leader/commit";

    static final String APPS = "/apps";
    static final String GROUPS = "/groups";
    static final String VERSIONS = "/versions";
    static final String TASKS = "/tasks";
    static final String VOLUMES = "/volumes";
    static final String MACHINES = "/machines";
    static final String HISTORY = "/history";
    static final String OPERATIONS = "/ops";
    static final String FOREIGN = "/foreign";
    static final String FENCE_FLOOR = "/fence-floor";

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC);

    private Paths() {}

    static String cutOff(String id) {
        return OPERATIONS + "/" + id;
    }

    /** What holds the scheduler back: a few znodes at the top. */
    static String hold(Hold.Kind kind) {
        return "/" + kind.word();
    }

    static String app(AppId id) {
        return APPS + "/" + URLEncoder.encode(id.path().substring(1), StandardCharsets.UTF_8);
    }

    static String group(String path) {
        return GROUPS + "/" + URLEncoder.encode(path.substring(1), StandardCharsets.UTF_8);
    }

    /** An earlier version of an app. Which ones there are, the app says. */
    static String version(AppId id, Instant version) {
        String name = URLEncoder.encode(id.path().substring(1), StandardCharsets.UTF_8) + "@" + version.toEpochMilli();
        return VERSIONS + "/" + shard(name) + "/" + name;
    }

    static String task(TaskId id) {
        return TASKS + "/" + shard(id.value()) + "/" + id;
    }

    /** Tasks of other frameworks; there are thousands at most. */
    static String foreignShard(ClaimId id) {
        return FOREIGN + "/" + shard(id.value());
    }

    static String foreign(ClaimId id) {
        return foreignShard(id) + "/" + id;
    }

    static String volume(VolumeName name) {
        return VOLUMES + "/" + shard(name.key()) + "/" + name.key();
    }

    /** The one place that a single-writer volume's claim can be: a second one cannot be created (I1). */
    static String claim(VolumeName volume) {
        return volume(volume) + "/claim";
    }

    /** Claims that others may stand beside: each has its own place. */
    static String readers(VolumeName volume) {
        return volume(volume) + "/readers";
    }

    static String place(Claim claim) {
        return claim.shared() ? readers(claim.volume()) + "/" + claim.id() : claim(claim.volume());
    }

    static String machine(MachineKey key) {
        return MACHINES + "/" + key;
    }

    static String machineClaims(MachineKey key) {
        return machine(key) + "/claims";
    }

    static String machineClaim(MachineKey key, ClaimId claim) {
        return machineClaims(key) + "/" + claim;
    }

    static String historyHour(Instant at) {
        return HISTORY + "/" + HOUR.format(at);
    }

    /** The parents within an hour: when a whole site restarts, more claims end than one listing can hold. */
    static List<String> historyShards(Instant at) {
        List<String> shards = new ArrayList<>();
        for (char digit : "0123456789abcdef".toCharArray()) {
            shards.add(historyHour(at) + "/" + digit);
        }
        return shards;
    }

    static String historyShard(Instant at, ClaimId claim) {
        return historyHour(at) + "/" + shard(claim.value()).charAt(0);
    }

    static String history(Instant at, ClaimId claim) {
        return historyShard(at, claim) + "/" + claim;
    }

    /** The parents of large collections: one for each first two hex digits of a key's hash. */
    static List<String> shards(String collection) {
        List<String> shards = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            shards.add(collection + "/" + HexFormat.of().toHexDigits((byte) i));
        }
        return shards;
    }

    private static String shard(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().toHexDigits(hash[0]);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
