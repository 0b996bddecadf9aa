package io.mooring.scheduler.mesos;

import io.mooring.common.ids.AgentId;
import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.MesosHttp.Limits;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/** Asks the master's operator API for its agents. Blocks; not for the engine. */
public final class MasterAgents {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), 1);
    /** What a master says of 100,000 agents. */
    private static final int LONGEST_ANSWER = 256 << 20;

    private final Access access;

    public MasterAgents(Access access) {
        this.access = access;
    }

    /**
     * Those that an operator drains or has drained, and has not taken back. No event tells a framework of them.
     *
     * @param master its root, such as {@code http://host:5050}
     * @throws IOException if the master does not answer, or not with its agents
     */
    public Set<AgentId> drained(URI master) throws IOException {
        Call call = Call.newBuilder().setType(Call.Type.GET_AGENTS).build();
        try (MesosHttp http = new MesosHttp(master.resolve("/api/v1"), access, LIMITS)) {
            byte[] answer = http.ask(call.toByteArray(), LONGEST_ANSWER);
            return Response.parseFrom(answer).getGetAgents().getAgentsList().stream()
                    .filter(Response.GetAgents.Agent::hasDrainInfo)
                    .map(agent -> new AgentId(agent.getAgentInfo().getId().getValue()))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
