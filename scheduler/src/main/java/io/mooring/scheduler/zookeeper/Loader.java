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
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;

/**
 * Reads everything that is durable into a {@link ClusterState}: many questions on their way at once, and their answers
 * read on all cores, because a new leader grants nothing before it is done.
 */
final class Loader {
    private static final int AT_A_TIME = 100;
    /** Records in one request: with each below 10 KiB, as all but apps are, the answer stays below ZooKeeper's 1 MiB. */
    private static final int TOGETHER = 50;

    private final Session session;
    private final RecordJson json;
    private final Map<String, Integer> versions = new HashMap<>();
    private final ClusterState state = new ClusterState();

    Loader(Session session, RecordJson json) {
        this.session = session;
        this.json = json;
    }

    /** What was read. */
    record Loaded(ClusterState state, Map<String, Integer> versions) {}

    /** One znode's content, and how many znodes are below it. */
    private record Found<T>(String path, T value, int version, int children) {}

    Loaded load() throws KeeperException, InterruptedException, IOException {
        read(List.of(Paths.FRAMEWORK), FrameworkId.class).forEach(id -> state.apply(new StoreRecord.PutFramework(id)));
        read(children(List.of(Paths.APPS)), App.class).forEach(this::app);
        read(children(List.of(Paths.GROUPS)), Group.class)
                .forEach(group -> state.apply(new StoreRecord.PutGroup(group)));
        machines();
        volumes();
        read(children(Paths.shards(Paths.TASKS)), Task.class)
                .forEach(task -> state.apply(new StoreRecord.PutTask(task)));
        foreign();
        read(children(List.of(Paths.OPERATIONS)), CutOff.class)
                .forEach(cutOff -> state.apply(new StoreRecord.PutCutOff(cutOff)));
        read(List.of(Paths.FENCE_FLOOR), Long.class)
                .forEach(fence -> state.apply(new StoreRecord.PutFenceFloor(fence)));
        read(Stream.of(Hold.Kind.values()).map(Paths::hold).toList(), Hold.class)
                .forEach(hold -> state.apply(new StoreRecord.PutHold(hold)));
        history();
        return new Loaded(state, versions);
    }

    private void foreign() throws KeeperException, InterruptedException, IOException {
        List<String> shards = children(List.of(Paths.FOREIGN));
        shards.forEach(shard -> versions.put(shard, 0));
        read(children(shards), ForeignTask.class).forEach(task -> state.apply(new StoreRecord.PutForeign(task)));
    }

    /** Its earlier versions are not read: that they are there, and that nobody changed them, is known without. */
    private void app(App app) {
        state.apply(new StoreRecord.PutApp(app));
        app.earlier().forEach(version -> versions.put(Paths.version(app.id(), version), 0));
    }

    private void machines() throws KeeperException, InterruptedException, IOException {
        List<Machine> machines = read(children(List.of(Paths.MACHINES)), Machine.class);
        machines.forEach(machine -> state.apply(new StoreRecord.PutMachine(machine)));
        List<String> markers = machines.stream()
                .map(machine -> Paths.machineClaims(machine.key()))
                .toList();
        markers.forEach(parent -> versions.put(parent, 0));
        children(markers).forEach(marker -> versions.put(marker, 0));
    }

    private void volumes() throws KeeperException, InterruptedException, IOException {
        List<Found<Volume>> volumes = records(children(Paths.shards(Paths.VOLUMES)), Volume.class);
        volumes.forEach(volume -> state.apply(new StoreRecord.PutVolume(volume.value())));
        List<Found<Volume>> held =
                volumes.stream().filter(volume -> volume.children() > 0).toList();
        List<Found<Claim>> writers =
                records(held.stream().map(volume -> volume.path() + "/claim").toList(), Claim.class);
        writers.forEach(claim -> state.apply(new StoreRecord.GrantClaim(claim.value())));
        readers(held, writers);
    }

    /** Below a volume is its claim, or its readers, or both; most have only the claim, and are not asked for more. */
    private void readers(List<Found<Volume>> held, List<Found<Claim>> writers)
            throws KeeperException, InterruptedException, IOException {
        Set<String> written = writers.stream().map(Found::path).collect(Collectors.toSet());
        List<String> parents = held.stream()
                .filter(volume -> volume.children() > 1 || !written.contains(volume.path() + "/claim"))
                .map(volume -> Paths.readers(volume.value().name()))
                .toList();
        parents.forEach(parent -> versions.put(parent, 0));
        read(children(parents), Claim.class).forEach(claim -> state.apply(new StoreRecord.GrantClaim(claim)));
    }

    private void history() throws KeeperException, InterruptedException, IOException {
        List<String> hours = children(List.of(Paths.HISTORY));
        List<String> shards = children(hours);
        hours.forEach(hour -> versions.put(hour, 0));
        shards.forEach(shard -> versions.put(shard, 0));
        // An hour of an earlier version has its claims right below it.
        List<String> past = new ArrayList<>(shards);
        past.addAll(children(shards));
        List<ReleasedClaim> released = new ArrayList<>(read(past, ReleasedClaim.class));
        released.sort(Comparator.comparing(ReleasedClaim::at)
                .thenComparing(ended -> ended.claim().fence()));
        released.forEach(claim -> state.apply(new StoreRecord.ReleaseClaim(claim)));
    }

    /** The values that are there, in the order of the paths. */
    private <T> List<T> read(List<String> paths, Class<T> type)
            throws KeeperException, InterruptedException, IOException {
        return records(paths, type).stream().map(Found::value).toList();
    }

    private <T> List<Found<T>> records(List<String> paths, Class<T> type)
            throws KeeperException, InterruptedException, IOException {
        AtomicReferenceArray<Session.Node> nodes = new AtomicReferenceArray<>(paths.size());
        int together = type == App.class ? 1 : TOGETHER;
        pipeline((paths.size() + together - 1) / together, (chunk, answer) -> {
            int first = chunk * together;
            List<String> asked = paths.subList(first, Math.min(paths.size(), first + together));
            session.read(
                    asked,
                    (code, path, context, results) ->
                            answer.accept(results == null ? Code.get(code) : keep(results, first, nodes)));
        });
        try {
            List<Found<T>> records = IntStream.range(0, paths.size())
                    .parallel()
                    .filter(i -> nodes.get(i) != null)
                    .mapToObj(i -> value(paths.get(i), nodes.get(i), type))
                    .toList();
            records.forEach(record -> versions.put(record.path(), record.version()));
            return records;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private <T> Found<T> value(String path, Session.Node node, Class<T> type) {
        try {
            return new Found<>(path, json.read(node.data(), type), node.version(), node.children());
        } catch (IOException | IllegalArgumentException e) {
            throw new UncheckedIOException(new IOException(
                    "znode " + path + " cannot be read as a " + type.getSimpleName() + ": " + e.getMessage(), e));
        }
    }

    /** The paths below the parents, each parent's in order. A parent that is not there has none. */
    private List<String> children(List<String> parents) throws KeeperException, InterruptedException {
        AtomicReferenceArray<List<String>> found = new AtomicReferenceArray<>(parents.size());
        pipeline(
                parents.size(),
                (i, answer) -> session.children(parents.get(i), (code, path, context, names) -> {
                    if (code == Code.OK.intValue()) {
                        found.set(
                                i,
                                names.stream()
                                        .sorted()
                                        .map(name -> parents.get(i) + "/" + name)
                                        .toList());
                    }
                    answer.accept(code == Code.NONODE.intValue() ? Code.OK : Code.get(code));
                }));
        return IntStream.range(0, parents.size())
                .mapToObj(found::get)
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .toList();
    }

    /** Keeps what is there. What is not is no failure; any other is. */
    private static Code keep(List<OpResult> results, int first, AtomicReferenceArray<Session.Node> nodes) {
        Code failure = Code.OK;
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof OpResult.GetDataResult got) {
                if (got.getData() != null && got.getData().length > 0) {
                    nodes.set(first + i, new Session.Node(got.getData(), got.getStat()));
                }
            } else if (results.get(i) instanceof OpResult.ErrorResult error
                    && error.getErr() != Code.NONODE.intValue()) {
                failure = Code.get(error.getErr());
            }
        }
        return failure;
    }

    /** Asks one of the questions; how its answer came out is told, {@link Code#OK} or why there is none. */
    private interface Question {
        void ask(int index, Consumer<Code> answer);
    }

    private static void pipeline(int questions, Question question) throws KeeperException, InterruptedException {
        Semaphore room = new Semaphore(AT_A_TIME);
        AtomicReference<Code> failure = new AtomicReference<>();
        for (int i = 0; i < questions && failure.get() == null; i++) {
            room.acquire();
            question.ask(i, answer -> {
                if (answer != Code.OK) {
                    failure.compareAndSet(null, answer);
                }
                room.release();
            });
        }
        room.acquire(AT_A_TIME);
        if (failure.get() != null) {
            throw KeeperException.create(failure.get());
        }
    }
}
