package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.cli.api.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An app that runs the self-checking writer on a volume of the same name, and what its file has to say afterwards. */
final class WriterApp {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;
    private final String name;
    private final String takeover;
    private final Afterwards afterwards;

    /** What a task does when its writer cannot go on. */
    enum Afterwards {
        ENDS,
        /** As a program does that never looks at the answer of a write. */
        LIVES_ON
    }

    /** One run of writing: all records of one task, under one fence. */
    record Run(long fence, String task, int records) {
        boolean isPartOf(Run whole) {
            return fence == whole.fence() && task.equals(whole.task()) && records <= whole.records();
        }
    }

    WriterApp(Cluster cluster, String name, String takeover) {
        this(cluster, name, takeover, Afterwards.ENDS);
    }

    WriterApp(Cluster cluster, String name, String takeover, Afterwards afterwards) {
        this.cluster = cluster;
        this.name = name;
        this.takeover = takeover;
        this.afterwards = afterwards;
    }

    String id() {
        return "/" + name;
    }

    String volume() {
        return name;
    }

    void post() throws Exception {
        ObjectNode app = JSON.createObjectNode();
        app.put("id", id());
        String writer = "sh " + Cluster.example("self-checking-writer") + " data/records 0 1";
        app.put(
                "cmd",
                switch (afterwards) {
                    case ENDS -> "exec " + writer;
                    case LIVES_ON -> writer + "; sleep 1000";
                });
        app.put("cpus", 0.01).put("mem", 32).put("instances", 1).put("maxLaunchDelaySeconds", 2);
        ObjectNode volume = app.putObject("container")
                .put("type", "MESOS")
                .putArray("volumes")
                .addObject();
        volume.put("containerPath", "data").put("mode", "RW");
        ObjectNode external = volume.putObject("external");
        external.put("name", volume()).put("provider", "dvdi").put("size", 1);
        external.putObject("options").put("dvdi/driver", "rexray");
        app.putObject("labels").put("mooring/" + volume() + "/takeover", takeover);
        cluster.post(app.toString());
    }

    void scale(int instances) throws ApiException {
        cluster.api().put("/v2/apps" + id() + "?force=true", "{\"instances\": " + instances + "}");
    }

    JsonNode claim() throws ApiException {
        return cluster.claim(volume());
    }

    void awaitReleased() throws InterruptedException {
        Cluster.await("volume " + volume() + " to be released", () -> cluster.claim(volume())
                .isNull());
    }

    /** Its claim, once it is mounted under a higher fence than that, and its task has written there. */
    JsonNode awaitWriting(long aboveFence) throws Exception {
        JsonNode claim = cluster.mounted(volume(), aboveFence);
        Cluster.await("app " + id() + " to run", () -> cluster.running(id()) == 1);
        Cluster.await(
                "records under fence " + claim.path("fence") + " in volume " + volume(), () -> runs(claim).stream()
                        .anyMatch(run -> run.fence() == claim.path("fence").asLong() && run.records() >= 2));
        return claim;
    }

    /** What the volume of this claim holds now. */
    List<Run> runs(JsonNode claim) throws IOException {
        List<Run> runs = new ArrayList<>();
        Path records = cluster.mountPoint(claim).resolve("data/records");
        for (String line : Files.readAllLines(records)) {
            String[] words = line.split(" ");
            if (words.length != 4) {
                continue; // the last one is being written
            }
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            long fence = Long.parseLong(words[0]);
            if (last != null && last.fence() == fence && last.task().equals(words[1])) {
                runs.set(runs.size() - 1, new Run(fence, words[1], last.records() + 1));
            } else {
                runs.add(new Run(fence, words[1], 1));
            }
        }
        return runs;
    }

    /**
     * The file is whole, holds the records that were there before, and each run of records in it was written by the task
     * that had the claim of that fence; the last one is the claim's that stands.
     */
    void dataAndClaimAgree(JsonNode claim, List<Run> before) throws Exception {
        noWriterFoundAnother();
        List<Run> runs = runs(claim);
        assertThat(before)
                .as("runs that wrote to %s before, beside %s", name, runs)
                .allMatch(then -> runs.stream().anyMatch(then::isPartOf));
        Map<Long, String> owners = new HashMap<>();
        for (JsonNode past : cluster.history(volume())) {
            assertThat(owners.put(past.path("fence").asLong(), past.path("task").asText()))
                    .as("claims of %s under fence %s", name, past.path("fence"))
                    .isNull();
        }
        for (Run run : runs.subList(0, runs.size() - 1)) {
            assertThat(run.records()).as("records of %s", run).isGreaterThanOrEqualTo(synced(run.task()));
        }
        owners.put(claim.path("fence").asLong(), claim.path("task").asText());
        assertThat(runs).as("who wrote to %s", name).allSatisfy(run -> assertThat(run.task())
                .isEqualTo(owners.get(run.fence())));
        assertThat(runs.get(runs.size() - 1).fence())
                .isEqualTo(claim.path("fence").asLong());
        assertThat(verify(claim)).as("the verdict on %s", name).isZero();
    }

    /** No task of this app ever found a record that it did not expect. */
    void noWriterFoundAnother() throws IOException {
        for (String verdict : verdicts(name + ".")) {
            assertThat(verdict).as("a verdict of %s", name).doesNotStartWith("foul");
        }
    }

    /** The last that the task's writer said. */
    String verdict(String task) throws IOException {
        return String.join("", verdicts(task + "/"));
    }

    /** How many records the task knows to be on disk. */
    private int synced(String task) throws IOException {
        return verdicts(task + "/").stream()
                .map(verdict -> verdict.strip().split(" "))
                .filter(words -> words.length > 1)
                .mapToInt(words -> Integer.parseInt(words[1]))
                .max()
                .orElse(0);
    }

    private List<String> verdicts(String task) throws IOException {
        List<String> verdicts = new ArrayList<>();
        for (Path verdict : cluster.sandboxFiles("verdict", task)) {
            verdicts.add(Files.readString(verdict));
        }
        return verdicts;
    }

    private int verify(JsonNode claim) throws IOException, InterruptedException {
        Path records = cluster.mountPoint(claim).resolve("data/records");
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh", Cluster.example("self-checking-writer").toString(), "--verify", records.toString());
        builder.environment()
                .put(
                        "WRITER_VERDICT",
                        cluster.directory().resolve("verdict-" + name).toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
