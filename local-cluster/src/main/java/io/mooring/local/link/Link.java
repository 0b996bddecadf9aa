package io.mooring.local.link;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The network between the master and one agent. While it is cut, whatever either says is lost, and neither is told:
 * that is what a partition is.
 */
public final class Link {
    /** Whether messages pass. */
    public enum Condition {
        UP,
        CUT
    }

    private final AtomicReference<MasterPort> master;
    private final AtomicReference<AgentPort> agent = new AtomicReference<>();
    private volatile Condition condition = Condition.UP;

    public Link(MasterPort master) {
        this.master = new AtomicReference<>(master);
    }

    /** The process at the agent's end; replaced when the agent is restarted. */
    public void attach(AgentPort port) {
        agent.set(port);
    }

    /** The agent's process is gone; the master learns of it, since its connection breaks. */
    public void detach(AgentPort port) {
        agent.compareAndSet(port, null);
    }

    /** Another master leads; the agent learns of it as soon as it can be reached. */
    public void lead(MasterPort leader) {
        master.set(leader);
        toAgent(AgentPort::masterChanged);
    }

    public void become(Condition wanted) {
        condition = wanted;
    }

    public Condition condition() {
        return condition;
    }

    public void toMaster(Consumer<MasterPort> message) {
        if (condition == Condition.UP) {
            message.accept(master.get());
        }
    }

    public void toAgent(Consumer<AgentPort> message) {
        AgentPort port = agent.get();
        if (condition == Condition.UP && port != null) {
            message.accept(port);
        }
    }
}
