package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mooring rebuild}: what claims look like by what survives without ZooKeeper. */
@Command(
        name = "rebuild",
        description = "Show the claims that task labels, journals and backends tell of, after ZooKeeper was lost or"
                + " restored.")
public final class RebuildCommand implements Callable<Integer> {
    @Option(names = "--dry-run", description = "only show; there is no other way yet")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ApiException {
        if (!dryRun) {
            throw new ParameterException(
                    spec.commandLine(), "claims are only shown, never written: say --dry-run to see them");
        }
        ApiCommand scheduler = ApiCommand.of(spec);
        Api.Reply reply = scheduler.api().get("/v1/rebuild");
        if (scheduler.printed(reply)) {
            return 0;
        }
        Table table = new Table("VOLUME", "FENCE", "CLAIM", "MACHINE", "TASK", "SEEN BY", "VERDICT");
        for (JsonNode trace : reply.body().path("items")) {
            StringBuilder sources = new StringBuilder();
            trace.path("sources").forEach(source -> sources.append(sources.isEmpty() ? "" : ", ")
                    .append(source.asText()));
            table.row(
                    trace.path("volume").asText(),
                    ApiCommand.text(trace, "fence"),
                    ApiCommand.text(trace, "claim"),
                    ApiCommand.text(trace, "machine"),
                    ApiCommand.text(trace, "task"),
                    sources.toString(),
                    trace.path("verdict").asText());
        }
        table.print(scheduler.out());
        return 0;
    }
}
