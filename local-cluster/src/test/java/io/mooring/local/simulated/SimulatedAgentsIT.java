package io.mooring.local.simulated;

import io.mooring.local.app.ClusterSettings;
import io.mooring.local.app.LocalMesos;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Ten thousand agents in this process, which would disturb whatever ran beside them. */
@Isolated
class SimulatedAgentsIT {
    private static final int AGENTS = 10_000;

    @Test
    void offersTenThousandAgentsToOneFramework() throws Exception {
        SimulatedSettings settings = new SimulatedSettings(
                AGENTS,
                "cpus:4;mem:4096;disk:10240;ports:[31000-32000];volume_slots:8",
                "machine:sim-{n}",
                Optional.of(Duration.ofMillis(200)));
        ClusterSettings cluster =
                ClusterSettings.of(MasterSettings.onPort(0), List.of()).withSimulated(Optional.of(settings));
        long started = System.nanoTime();
        try (LocalMesos mesos = LocalMesos.start(cluster)) {
            while (mesos.registeredAgents() < AGENTS) {
                Thread.sleep(50);
            }
            long registered = System.nanoTime();
            Framework framework = Framework.subscribe(mesos.masterPort(), null);

            framework.awaitOffers(AGENTS);

            long offered = System.nanoTime();
            Runtime.getRuntime().gc();
            long heap =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            System.out.printf(
                    "%d agents registered in %d ms, offered in %d ms, heap %d MiB%n",
                    AGENTS, (registered - started) / 1_000_000, (offered - registered) / 1_000_000, heap >> 20);

            framework.launchOnLast("t");
            framework.await("t", TaskState.TASK_FINISHED);
        }
    }
}
