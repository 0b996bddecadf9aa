package io.mooring.local.command;

import io.mooring.local.loop.EventLoop;
import java.util.concurrent.CountDownLatch;

/** The executor of one command task as a process, started by the agent; it outlives an agent that is restarted. */
public final class CommandExecutorMain {
    private CommandExecutorMain() {}

    public static void main(String[] args) throws InterruptedException {
        AgentEnvironment environment;
        try {
            environment = AgentEnvironment.of(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        try (EventLoop loop = new EventLoop("task")) {
            new CommandExecutor(environment, loop, over::countDown).open();
            over.await();
        }
        System.exit(0);
    }
}
