package io.mooring.executor.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.ForeignPort.Claimed;
import io.mooring.executor.engine.Machine;
import io.mooring.executor.engine.Status;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignLaunch.CommandForm;
import io.mooring.executor.run.ForeignTerms;
import io.mooring.executor.testkit.ClaimsStub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What passes between an executor and the framework that started its task. */
final class ClaimLinkTest {
    private static final PluginHealth SILENT =
            new PluginHealth(new DriverName("rexray"), Optional.of("nobody serves its socket"));

    @TempDir
    private Path directory;

    private final List<ExecutorReport> messages = new ArrayList<>();
    private final AgentPort agent = new AgentPort() {
        @Override
        public void send(Status status) {}

        @Override
        public void message(ExecutorReport report) {
            messages.add(report);
        }
    };

    private static ForeignLaunch launch(Map<String, String> environment) {
        return new ForeignLaunch(
                new TaskId("t"),
                new FrameworkId("f"),
                new AgentId("a"),
                "chmod ug+rx '/x/mooring-executor' && exec '/x/mooring-executor' sleep 1",
                CommandForm.SHELL,
                environment,
                Map.of(ForeignTerms.USER, "nobody"),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void messageAfter(ForeignLaunch launch) throws IOException {
        try (ClaimsStub scheduler = new ClaimsStub()) {
            ClaimSettings settings = new ClaimSettings(
                    List.of(URI.create(scheduler.address())),
                    Optional.empty(),
                    Optional.empty(),
                    "/volumes/{name}",
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10));
            Machine machine = new Machine(new MachineKey("m"), new BootId("b"));
            try (ClaimLink link = new ClaimLink(agent, event -> {}, () -> settings, machine, directory, 0)) {
                assertThat(link.claim(launch)).isInstanceOf(Claimed.Granted.class);
                link.message(SILENT);
            }
        }
    }

    @Test
    void anotherFrameworkHearsNothingOfPlugins() throws IOException {
        messageAfter(launch(Map.of("DVDI_VOLUME_NAME", "data")));
        assertThat(messages).isEmpty();
    }

    @Test
    void withoutClaimsEverythingPasses() throws IOException {
        messageAfter(launch(Map.of()));
        assertThat(messages).containsExactly(SILENT);
    }
}
