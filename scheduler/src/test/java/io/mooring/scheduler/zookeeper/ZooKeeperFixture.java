package io.mooring.scheduler.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** Candidates at a real ZooKeeper, on loopback only. */
final class ZooKeeperFixture implements AutoCloseable {
    static final Owner OWNER = new Owner("mooring", Optional.empty());

    private final Path files;
    private final AtomicInteger count = new AtomicInteger();
    private final List<Leadership> candidates = new CopyOnWriteArrayList<>();

    ZooKeeperFixture(Path files) {
        this.files = files;
    }

    static TestingServer server() throws Exception {
        return new TestingServer(instance(), true);
    }

    /** A server with the data of another. */
    static TestingServer server(File data) throws Exception {
        return new TestingServer(instance(data), true);
    }

    static InstanceSpec instance() {
        return instance(null);
    }

    /** The server's own default is every address of the machine. */
    private static InstanceSpec instance(File data) {
        Map<String, Object> loopback = Map.of("clientPortAddress", "127.0.0.1");
        return new InstanceSpec(data, -1, -1, -1, true, -1, 500, -1, loopback, "127.0.0.1");
    }

    /** What a candidate was told. */
    static final class Told implements Leadership.Candidate {
        private final AtomicInteger elected = new AtomicInteger();
        private final List<String> lost = new CopyOnWriteArrayList<>();
        private final List<String> refused = new CopyOnWriteArrayList<>();

        int elections() {
            return elected.get();
        }

        List<String> lost() {
            return lost;
        }

        List<String> refused() {
            return refused;
        }

        @Override
        public void elected() {
            elected.incrementAndGet();
        }

        @Override
        public void lost(String why) {
            lost.add(why);
        }

        @Override
        public void refused(String why) {
            refused.add(why);
        }
    }

    Leadership stand(String servers, int sessionMillis, String self, Leadership.Candidate told) {
        return stand(servers, sessionMillis, self, files.resolve("epoch-" + count.incrementAndGet()), told);
    }

    Leadership stand(String servers, int sessionMillis, String self, Path file, Leadership.Candidate told) {
        Leadership candidate = new Leadership(
                new Leadership.Settings(servers + "/mooring", sessionMillis, self, OWNER, file),
                InstantSource.system());
        candidates.add(candidate);
        candidate.stand(told);
        return candidate;
    }

    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertThat(i).as("twentieths of a second until " + what).isLessThan(800);
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        candidates.forEach(Leadership::close);
    }
}
