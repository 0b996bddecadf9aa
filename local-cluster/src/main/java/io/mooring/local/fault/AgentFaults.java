package io.mooring.local.fault;

import io.mooring.local.agent.Reboot;
import java.io.IOException;
import java.util.List;

/** The faults of agents and their executors. */
public final class AgentFaults {
    private static final Fault.Option AGENT = Fault.Option.required("agent", "the agent's name in the configuration");

    private AgentFaults() {}

    private interface Step {
        void on(String agent) throws Faults.UnknownAgentException, IOException;
    }

    public static List<Fault> of(Faults faults) {
        return List.of(
                fault("partition", "master and agent lose each other's messages; executors run on", faults::partition),
                fault("heal", "ends a partition; the agent registers again at once", faults::heal),
                fault("restart-agent", "the agent's process is killed and started again", faults::restartAgent),
                fault("stop-agent", "the agent's process is killed and stays away", faults::stopAgent),
                fault("start-agent", "starts a stopped agent in its work directory", faults::startAgent),
                fault("unregister-agent", "the agent leaves the cluster and ends its executors", faults::unregister),
                new Fault(
                        "reboot-agent",
                        "the agent's machine is rebooted: everything on it is killed, mounts vanish",
                        List.of(AGENT, Fault.Option.optional("agentId", "kept or new; kept if not given")),
                        options -> reboot(faults, options)),
                new Fault(
                        "kill-executor",
                        "SIGKILL to the first process of an executor",
                        List.of(AGENT, Fault.Option.required("executor", "the executor's id")),
                        options -> killExecutor(faults, options)));
    }

    private static Fault fault(String name, String what, Step step) {
        return new Fault(name, what, List.of(AGENT), options -> {
            try {
                step.on(options.text("agent"));
            } catch (Faults.UnknownAgentException e) {
                throw FaultException.absent(e.getMessage());
            }
        });
    }

    private static void reboot(Faults faults, FaultOptions options) throws FaultException, IOException {
        Reboot.Identity identity = options.choice("agentId", Reboot.Identity.class, Reboot.Identity.KEPT);
        try {
            faults.rebootAgent(options.text("agent"), identity);
        } catch (Faults.UnknownAgentException e) {
            throw FaultException.absent(e.getMessage());
        }
    }

    private static void killExecutor(Faults faults, FaultOptions options) throws FaultException {
        String agent = options.text("agent");
        String executor = options.text("executor");
        try {
            if (!faults.killExecutor(agent, executor)) {
                throw FaultException.absent("no executor '" + executor + "' runs on " + agent);
            }
        } catch (Faults.UnknownAgentException e) {
            throw FaultException.absent(e.getMessage());
        }
    }
}
