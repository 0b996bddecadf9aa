package io.mooring.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.OperatorApi.AgentSeen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The main job, end to end: one volume's life on a local cluster, told step by step. */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalCluster cluster;
    private final Api api;
    private final Story story;
    private final BooleanSupplier cancelled;
    private final Path definition;

    /** A step did not come to what it should. */
    public static final class DemoException extends Exception {
        private static final long serialVersionUID = 1;

        DemoException(String message) {
            super(message);
        }
    }

    /**
     * @param definition the app: {@code counter.json} of the examples
     * @param cancelled is asked again and again whether to give up
     */
    public Demo(LocalCluster cluster, Path definition, PrintWriter out, BooleanSupplier cancelled) {
        this.cluster = cluster;
        this.api = new Api(cluster.settings().apiAddress());
        this.story = new Story(out);
        this.definition = definition;
        this.cancelled = cancelled;
    }

    /** The step that is being told, for who has to say where it failed. */
    public String step() {
        return story.current();
    }

    /** Tells the whole story, or throws at the step that failed. */
    public void tell() throws DemoException, ApiException, IOException, InterruptedException {
        EventWords words = new EventWords(cluster.settings().driver());
        try (Listener listener = new Listener(cluster.settings().apiAddress(), words, story)) {
            listener.start();
            JsonNode app = new ObjectMapper().readTree(definition.toFile());
            String id = app.path("id").asText();
            String volume = app.at("/container/volumes/0/external/name").asText();
            run(id);
            JsonNode first = owner(volume, "1st");
            long before = lines(first);
            drain(first);
            JsonNode second = moved(volume, first);
            compare(second, before);
            delete(id, volume);
            history(volume, first, second);
        }
    }

    private void run(String id) throws DemoException, ApiException, IOException, InterruptedException {
        story.step("An app that writes to a volume is posted to Marathon's API: " + definition.getFileName());
        JsonNode answer = api.post("/v2/apps", Files.readString(definition)).body();
        answer.path("mooring").path("notes").forEach(note -> story.say("note: " + note.asText()));
        await(
                "the app to run",
                () -> api.get("/v2/apps" + id).body().at("/app/tasksRunning").asInt() == 1);
    }

    private JsonNode owner(String volume, String which) throws DemoException, ApiException, InterruptedException {
        await(
                "the claim to be MOUNTED",
                () -> claim(volume).path("state").asText().equals("MOUNTED"));
        JsonNode claim = claim(volume);
        if (which.equals("1st")) {
            story.step("Who owns the volume?");
        }
        story.say("fence " + claim.path("fence").asText() + ", agent "
                + claim.path("machine").asText() + ", task "
                + claim.path("task").asText() + ", since "
                + seconds(claim.path("since").asText()));
        return claim;
    }

    private long lines(JsonNode claim) throws DemoException, ApiException, IOException, InterruptedException {
        await("a dozen lines to be written", () -> written(claim) >= 12);
        long lines = written(claim);
        story.say("the workload has written " + lines + " lines to it");
        return lines;
    }

    private void drain(JsonNode claim) throws DemoException, IOException {
        String machine = claim.path("machine").asText();
        story.step("The agent that runs it, " + machine + ", is drained, as for maintenance");
        for (AgentSeen agent : cluster.operatorApi().agents()) {
            if (agent.machine().equals(machine)) {
                cluster.operatorApi().drain(agent.id(), Duration.ofSeconds(10));
                return;
            }
        }
        throw new DemoException("the master does not know the agent of machine " + machine);
    }

    private JsonNode moved(String volume, JsonNode first) throws DemoException, ApiException, InterruptedException {
        await("the app to come up on another agent", () -> {
            JsonNode claim = claim(volume);
            return claim.path("fence").asLong() > first.path("fence").asLong()
                    && claim.path("state").asText().equals("MOUNTED");
        });
        story.step("The app is up again, on another agent, with the same data");
        JsonNode second = owner(volume, "2nd");
        if (second.path("machine").equals(first.path("machine"))) {
            throw new DemoException("the volume is on the drained agent again");
        }
        return second;
    }

    private void compare(JsonNode claim, long before)
            throws DemoException, ApiException, IOException, InterruptedException {
        await("the new task to find the data", () -> output(claim).anyMatch(line -> line.startsWith("found ")));
        String found = output(claim)
                .filter(line -> line.startsWith("found "))
                .findFirst()
                .orElseThrow();
        long lines = Long.parseLong(found.split(" ")[1]);
        story.say("it found " + lines + " lines, and goes on after them");
        if (lines < before) {
            throw new DemoException(
                    before + " lines had been written before the move, " + lines + " were found after it");
        }
        await("it to write on", () -> written(claim) > lines);
    }

    private void delete(String id, String volume)
            throws DemoException, ApiException, IOException, InterruptedException {
        story.step("The app is deleted; its volume stays");
        api.delete("/v2/apps" + id);
        await("the claim to be released", () -> claim(volume).isNull());
        await(
                "the app to be gone",
                () -> api.get("/v2/apps").body().path("apps").isEmpty());
        JsonNode left = api.get("/v1/volumes/" + volume).body();
        story.say("volume " + volume + " is " + left.path("state").asText() + ", nobody holds it");
    }

    private void history(String volume, JsonNode first, JsonNode second) throws DemoException, ApiException {
        story.step("Its history: who held it, and what freed it");
        List<String> claims = new ArrayList<>();
        for (JsonNode past :
                api.get("/v1/volumes/" + volume + "/history").body().path("items")) {
            claims.add(past.path("id").asText());
            story.say("fence " + past.path("fence").asText() + " on "
                    + past.path("machine").asText() + ", released "
                    + seconds(past.path("releasedAt").asText()) + " on evidence "
                    + past.at("/releasedBy/code").asText() + ": "
                    + past.at("/releasedBy/what").asText());
        }
        if (!claims.equals(List.of(second.path("id").asText(), first.path("id").asText()))) {
            throw new DemoException("the history does not have the two claims, the newer first");
        }
    }

    /** A time of the API without what is below a second. */
    private static String seconds(String time) {
        return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private JsonNode claim(String volume) throws ApiException {
        return api.get("/v1/volumes/" + volume + "/claim").body().path("claim");
    }

    /** The highest line number that the claim's task says it wrote. */
    private long written(JsonNode claim) throws IOException {
        Optional<String> last =
                output(claim).filter(line -> line.startsWith("wrote line ")).reduce((a, b) -> b);
        return last.map(line -> Long.parseLong(line.substring("wrote line ".length())))
                .orElse(0L);
    }

    /** What the claim's task printed, from its sandbox. */
    private Stream<String> output(JsonNode claim) throws IOException {
        Path work = cluster.settings()
                .directory()
                .resolve("agents")
                .resolve(claim.path("machine").asText());
        String task = claim.path("task").asText();
        try (Stream<Path> files = Files.walk(work, 10)) {
            Optional<Path> stdout = files.filter(
                            file -> file.endsWith("stdout") && file.toString().contains("/executors/" + task + "/"))
                    .findFirst();
            return stdout.isPresent() ? Files.readAllLines(stdout.get()).stream() : Stream.empty();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // a sandbox that is removed while it is searched
        }
    }

    private interface Condition {
        boolean holds() throws ApiException, IOException;
    }

    private void await(String what, Condition condition) throws DemoException, ApiException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        String trouble = "";
        while (System.nanoTime() < until) {
            if (cancelled.getAsBoolean()) {
                throw new DemoException("stopped");
            }
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ApiException e) {
                if (e.exitCode() != 3) {
                    throw e;
                }
                trouble = "; the scheduler: " + e.getMessage(); // it may be starting again
            } catch (IOException e) {
                trouble = "; " + e.getMessage(); // a sandbox that is being made or removed
            }
            Thread.sleep(100);
        }
        throw new DemoException("waited " + PATIENCE.toSeconds() + " s for " + what + trouble);
    }
}
