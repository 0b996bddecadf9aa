package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code mooring local fault}: something goes wrong in a cluster that {@code mooring local} runs, on demand. */
@Command(name = "fault", description = "Make something go wrong in the cluster that runs in this directory.")
public final class LocalFaultCommand implements Callable<Integer> {
    /** A fault may wait for a session to run out. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "the fault; any other --option VALUE after it is the fault's own, as --list tells")
    private String name;

    @Option(names = "--agent", paramLabel = "X", description = "the agent, as agent-1")
    private String agent;

    @Option(names = "--list", description = "tell which faults there are, with their options")
    private boolean list;

    @Option(names = "--dir", paramLabel = "D", description = "where the cluster's state lives (~/.mooring/local)")
    private Path directory = Installation.home().resolve("local");

    @Unmatched
    private List<String> others = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        URI faults = URI.create("http://" + mesos() + "/local/fault");
        if (list || name == null) {
            list(ask(HttpRequest.newBuilder(faults)));
            return 0;
        }
        HttpResponse<String> answer =
                ask(HttpRequest.newBuilder(faults).POST(HttpRequest.BodyPublishers.ofString(request())));
        PrintWriter messages = spec.commandLine().getErr();
        messages.println(answer.statusCode() == 200 ? name + ": done" : answer.body());
        messages.flush();
        return answer.statusCode() == 200 ? 0 : 1;
    }

    private String mesos() throws IOException {
        Path processes = directory.toAbsolutePath().normalize().resolve("processes.json");
        if (!Files.exists(processes)) {
            throw new IOException("no cluster runs in " + directory + ": there is no " + processes
                    + "; start one by mooring local, or name its directory with --dir");
        }
        JsonNode address = JSON.readTree(processes.toFile()).path("mesos");
        if (!address.isTextual()) {
            throw new IOException(processes + " names no Mesos; it is of another version of this command");
        }
        return address.asText();
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest built = request.timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .build();
        try {
            return HttpClient.newHttpClient().send(built, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("nobody answers at " + built.uri() + "; does the cluster run?", e);
        }
    }

    private String request() {
        ObjectNode request = JSON.createObjectNode().put("fault", name);
        if (agent != null) {
            request.put("agent", agent);
        }
        Iterator<String> words = others.iterator();
        while (words.hasNext()) {
            String option = words.next();
            String[] both = option.split("=", 2);
            if (!option.startsWith("--") || (both.length == 1 && !words.hasNext())) {
                throw new IllegalArgumentException(
                        "'" + option + "' is no option of a fault; expected --option VALUE, as --list tells");
            }
            request.put(both[0].substring(2), both.length == 2 ? both[1] : words.next());
        }
        return request.toString();
    }

    private void list(HttpResponse<String> answer) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (JsonNode fault : JSON.readTree(answer.body())) {
            out.println(fault.path("fault").asText() + ": " + fault.path("what").asText());
            for (JsonNode option : fault.path("options")) {
                out.println("    --" + option.path("option").asText()
                        + (option.path("required").asBoolean() ? " (needed) " : " ")
                        + option.path("what").asText());
            }
        }
        out.flush();
    }
}
