package io.mooring.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mesosphere.marathon.client.Marathon;
import mesosphere.marathon.client.MarathonClient;
import mesosphere.marathon.client.MarathonException;
import mesosphere.marathon.client.model.v2.App;
import mesosphere.marathon.client.model.v2.Container;
import mesosphere.marathon.client.model.v2.ExternalVolume;
import mesosphere.marathon.client.model.v2.Group;
import mesosphere.marathon.client.model.v2.Result;
import mesosphere.marathon.client.model.v2.Task;
import mesosphere.marathon.client.model.v2.UpgradeStrategy;
import mesosphere.marathon.client.model.v2.VersionedApp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote for Marathon, and that know nothing of Mooring: one in Java, one in JavaScript. */
@Timeout(300)
class MarathonClientsIT {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    static Path directory;

    private static MooringCluster cluster;
    private static Marathon marathon;

    private interface Condition {
        boolean holds() throws MarathonException;
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new MooringCluster(directory);
        marathon = MarathonClient.getInstance(cluster.url());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** {@code com.mesosphere:marathon-client} 0.6.3. */
    @Test
    void servesMarathonsClientInJava() throws Exception {
        VersionedApp created = marathon.createApp(orders());
        assertThat(created.getId()).isEqualTo("/java/orders");
        assertThat(created.getDeployments()).hasSize(1);
        awaitRunning("java/orders", 1);
        assertThat(marathon.getApps().getApps()).extracting(App::getId).contains("/java/orders");
        assertThat(marathon.getApps(Map.of("id", "orders")).getApps())
                .extracting(App::getId)
                .containsExactly("/java/orders");
        Task task = marathon.getAppTasks("java/orders").getTasks().iterator().next();
        assertThat(task.getState()).isEqualTo("TASK_RUNNING");
        assertThat(task.getAppId()).isEqualTo("/java/orders");

        App moreMemory = new App();
        moreMemory.setMem(48.0);
        Result changed = marathon.updateApp("java/orders", moreMemory, false);
        awaitDone(changed);
        assertThat(marathon.getApp("java/orders").getApp().getMem()).isEqualTo(48.0);
        assertThat(marathon.getAppTasks("java/orders").getTasks())
                .extracting(Task::getId)
                .doesNotContain(task.getId());
        List<String> versions =
                List.copyOf(marathon.getAppVersions("java/orders").getVersions());
        assertThat(versions).contains(created.getVersion(), changed.getVersion());
        assertThat(marathon.getAppVersion("java/orders", created.getVersion()).getMem())
                .isEqualTo(32.0);

        awaitDone(marathon.restartApp("java/orders", false));
        App none = new App();
        none.setInstances(0);
        awaitDone(marathon.updateApp("java/orders", none, false));
        assertThat(marathon.getAppTasks("java/orders").getTasks()).isEmpty();
        assertThat(marathon.getQueue().getQueue()).isEmpty();
        assertThat(marathon.getServerInfo().getFrameworkId()).isNotBlank();

        assertThatThrownBy(() -> marathon.createApp(orders()))
                .isInstanceOfSatisfying(
                        MarathonException.class, e -> assertThat(e.getStatus()).isEqualTo(409));
        assertThatThrownBy(() -> marathon.getApp("java/nobody"))
                .isInstanceOfSatisfying(
                        MarathonException.class, e -> assertThat(e.getStatus()).isEqualTo(404));
        awaitDone(marathon.deleteApp("java/orders"));
        assertThatThrownBy(() -> marathon.getApp("java/orders")).isInstanceOf(MarathonException.class);
    }

    @Test
    void servesMarathonsClientInJavaWithGroups() throws Exception {
        App web = new App();
        web.setId("web");
        web.setCmd("sleep 1000");
        web.setCpus(0.1);
        web.setMem(32.0);
        web.setInstances(1);
        Group shop = new Group();
        shop.setId("/shop");
        shop.setApps(List.of(web));

        awaitDone(marathon.createGroup(shop));

        awaitRunning("shop/web", 1);
        assertThat(marathon.getGroup("shop").getApps()).extracting(App::getId).containsExactly("/shop/web");
        awaitDone(marathon.deleteGroup("shop", true));
        assertThatThrownBy(() -> marathon.getApp("shop/web")).isInstanceOf(MarathonException.class);
    }

    /** {@code marathon-node} 1.1.0; what it does and expects stands in {@code marathon.js}. */
    @Test
    void servesMarathonsClientInJavaScript() throws Exception {
        Path scripts = NodePackage.install();
        Path log = directory.resolve("marathon-node.log");
        Process node = new ProcessBuilder("node", "--no-deprecation", "marathon.js", cluster.url())
                .directory(scripts.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(node.waitFor(240, TimeUnit.SECONDS)).as("ended in time").isTrue();
            assertThat(node.exitValue()).as(Files.readString(log)).isZero();
            assertThat(Files.readString(log)).contains("@ done");
        } finally {
            node.destroyForcibly();
        }
    }

    private static App orders() {
        ExternalVolume volume = new ExternalVolume();
        volume.setContainerPath("data");
        volume.setMode("RW");
        volume.setName("java-orders-db");
        volume.setProvider("dvdi");
        volume.setDriver("rexray");
        Container container = new Container();
        container.setType("MESOS");
        container.setVolumes(List.of(volume));
        UpgradeStrategy upgrade = new UpgradeStrategy();
        upgrade.setMinimumHealthCapacity(0.0);
        upgrade.setMaximumOverCapacity(0.0);
        App orders = new App();
        orders.setId("/java/orders");
        orders.setCmd("date >> data/starts && sleep 1000");
        orders.setCpus(0.1);
        orders.setMem(32.0);
        orders.setInstances(1);
        orders.setContainer(container);
        orders.setUpgradeStrategy(upgrade);
        return orders;
    }

    private static void awaitRunning(String app, int count) throws Exception {
        await(() -> {
            VersionedApp now = marathon.getApp(app).getApp();
            return now.getTasksRunning() == count && now.getDeployments().isEmpty();
        });
    }

    private static void awaitDone(Result result) throws Exception {
        assertThat(result.getDeploymentId()).isNotBlank();
        await(() -> marathon.getDeployments().stream()
                .noneMatch(each -> each.getId().equals(result.getDeploymentId())));
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as("in time; deployments: %s", marathon.getDeployments())
                    .isLessThan(end);
            Thread.sleep(100);
        }
    }
}
