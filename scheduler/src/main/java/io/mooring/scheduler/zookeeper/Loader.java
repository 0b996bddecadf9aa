package io.mooring.scheduler.zookeeper;

import io.mooring.common.ids.FrameworkId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException;

/** Reads everything that is durable into a {@link ClusterState}, many znodes at a time. */
final class Loader {
    private static final int AT_A_TIME = 500;

    private final CuratorFramework client;
    private final RecordJson json;
    private final Map<String, Integer> versions = new HashMap<>();
    private final ClusterState state = new ClusterState();

    Loader(CuratorFramework client, RecordJson json) {
        this.client = client;
        this.json = json;
    }

    /** What was read. */
    record Loaded(ClusterState state, Map<String, Integer> versions) {}

    Loaded load() throws Exception {
        client.sync().forPath("/");
        framework();
        for (Node node : read(children(List.of(Paths.APPS)))) {
            state.apply(new StoreRecord.PutApp(value(node, App.class)));
        }
        for (Node node : read(children(List.of(Paths.MACHINES)))) {
            Machine machine = value(node, Machine.class);
            state.apply(new StoreRecord.PutMachine(machine));
            children(List.of(Paths.machineClaims(machine.key()))).forEach(marker -> versions.put(marker, 0));
        }
        List<String> volumes = children(Paths.shards(Paths.VOLUMES));
        for (Node node : read(volumes)) {
            state.apply(new StoreRecord.PutVolume(value(node, Volume.class)));
        }
        for (Node node : read(volumes.stream().map(path -> path + "/claim").toList())) {
            state.apply(new StoreRecord.GrantClaim(value(node, Claim.class)));
        }
        List<String> readers = volumes.stream().map(path -> path + "/readers").toList();
        Map<String, List<String>> places = listings(readers);
        places.keySet().forEach(parent -> versions.put(parent, 0));
        for (Node node : read(places.values().stream().flatMap(List::stream).toList())) {
            state.apply(new StoreRecord.GrantClaim(value(node, Claim.class)));
        }
        for (Node node : read(children(List.of(Paths.OPERATIONS)))) {
            state.apply(new StoreRecord.PutCutOff(value(node, CutOff.class)));
        }
        for (Node node : read(List.of(Paths.FENCE_FLOOR))) {
            state.apply(new StoreRecord.PutFenceFloor(value(node, Long.class)));
        }
        for (Hold.Kind kind : Hold.Kind.values()) {
            for (Node node : read(List.of(Paths.hold(kind)))) {
                state.apply(new StoreRecord.PutHold(value(node, Hold.class)));
            }
        }
        for (Node node : read(children(Paths.shards(Paths.TASKS)))) {
            state.apply(new StoreRecord.PutTask(value(node, Task.class)));
        }
        history();
        return new Loaded(state, versions);
    }

    private void framework() throws Exception {
        for (Node node : read(List.of(Paths.FRAMEWORK))) {
            state.apply(new StoreRecord.PutFramework(value(node, FrameworkId.class)));
        }
    }

    private void history() throws Exception {
        List<String> hours = children(List.of(Paths.HISTORY));
        hours.forEach(hour -> versions.put(hour, 0));
        List<ReleasedClaim> released = new ArrayList<>();
        for (Node node : read(children(hours))) {
            released.add(value(node, ReleasedClaim.class));
        }
        released.sort(Comparator.comparing(ReleasedClaim::at)
                .thenComparing(past -> past.claim().fence()));
        released.forEach(past -> state.apply(new StoreRecord.ReleaseClaim(past)));
    }

    private <T> T value(Node node, Class<T> type) throws IOException {
        try {
            T value = json.read(node.data(), type);
            versions.put(node.path(), node.version());
            return value;
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "znode " + node.path() + " cannot be read as a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    private record Node(String path, byte[] data, int version) {}

    private List<String> children(List<String> parents) throws Exception {
        return listings(parents).values().stream().flatMap(List::stream).toList();
    }

    /** The children of those parents that are there, in the order of the parents. */
    private Map<String, List<String>> listings(List<String> parents) throws Exception {
        Map<String, List<String>> found = new ConcurrentHashMap<>();
        pipeline(parents, (path, done) -> client.getChildren()
                .inBackground((ignored, event) -> {
                    if (event.getResultCode() == 0) {
                        found.put(
                                path,
                                event.getChildren().stream()
                                        .map(child -> path + "/" + child)
                                        .sorted()
                                        .toList());
                    }
                    done.answered(event);
                })
                .forPath(path));
        Map<String, List<String>> ordered = new LinkedHashMap<>();
        parents.stream().filter(found::containsKey).forEach(parent -> ordered.put(parent, found.get(parent)));
        return ordered;
    }

    /** The znodes that are there, in the order of the paths. */
    private List<Node> read(List<String> paths) throws Exception {
        Map<String, Node> found = new ConcurrentHashMap<>();
        pipeline(paths, (path, done) -> client.getData()
                .inBackground((ignored, event) -> {
                    if (event.getResultCode() == 0 && event.getData().length > 0) {
                        found.put(
                                path,
                                new Node(path, event.getData(), event.getStat().getVersion()));
                    }
                    done.answered(event);
                })
                .forPath(path));
        return paths.stream().filter(found::containsKey).map(found::get).toList();
    }

    private interface Question {
        void ask(String path, Done done) throws Exception;
    }

    private interface Done {
        void answered(CuratorEvent event);
    }

    private static void pipeline(List<String> paths, Question question) throws Exception {
        Semaphore room = new Semaphore(AT_A_TIME);
        AtomicReference<KeeperException> failure = new AtomicReference<>();
        for (String path : paths) {
            room.acquire();
            question.ask(path, event -> {
                KeeperException.Code code = KeeperException.Code.get(event.getResultCode());
                if (code != KeeperException.Code.OK && code != KeeperException.Code.NONODE) {
                    failure.compareAndSet(null, KeeperException.create(code, path));
                }
                room.release();
            });
        }
        room.acquire(AT_A_TIME);
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
