package io.mooring.scheduler.rest;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.decision.Survivors.LabelledTask;
import io.mooring.scheduler.marathon.ContainerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A scheduler that leads, without a master; one task of an earlier store is left. */
record LeaderOfATest() implements Surroundings {
    static final AtomicInteger ABDICATIONS = new AtomicInteger();

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public String self() {
        return "127.0.0.1:8080";
    }

    @Override
    public Optional<String> leader() {
        return Optional.of(self());
    }

    @Override
    public Optional<String> master() {
        return Optional.empty();
    }

    @Override
    public List<LabelledTask> tasksAtTheMaster(String framework) {
        return List.of(new LabelledTask(
                new TaskId("orders.6-x"),
                new AgentId("a1"),
                Map.of("mooring.claim.0", "claim-9 9 loop lost-db", "mooring.app", "/orders")));
    }

    @Override
    public ContainerPolicy containerPolicy() {
        return ContainerPolicy.STRICT;
    }

    @Override
    public void abdicate() {
        ABDICATIONS.incrementAndGet();
    }

    @Override
    public boolean zooKeeperConnected() {
        return true;
    }

    @Override
    public Settings settings() {
        return new Settings(
                "m1:5050,m2:5050",
                Optional.empty(),
                Optional.of("/opt/executor"),
                new Settings.Registered(
                        "mooring",
                        "root",
                        List.of("*"),
                        Duration.ofDays(28),
                        Settings.Tasks.CHECKPOINTED,
                        "here",
                        "http://here/"),
                "zk1:2181,zk2:2181/mooring",
                Duration.ofSeconds(20),
                Optional.of(8080),
                Optional.empty());
    }
}
