package io.mooring.plugin.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.docker.BadRequestException;
import io.mooring.plugin.docker.Call;
import io.mooring.plugin.docker.Fields;
import io.mooring.plugin.service.Wiping;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The two calls by which an operator gives up what is on a volume: one that asks for a token, and one that uses it. */
public final class WipeCalls {
    private final Wiping wiping;

    public WipeCalls(Wiping wiping) {
        this.wiping = wiping;
    }

    /** All methods by path. */
    public Map<String, Call> calls() {
        return new TreeMap<>(Map.of(
                "/Mooring.WipeToken",
                this::token,
                "/Mooring.Wipe",
                (request, answer) -> wiping.wipe(Fields.name(request), Fields.token(request))));
    }

    private void token(JsonNode request, ObjectNode answer) throws BadRequestException, VolumeException, IOException {
        Wiping.Token token = wiping.token(Fields.name(request));
        answer.put("Token", token.secret())
                .put("Until", token.until().toString())
                .put("SizeGb", token.volume().sizeGb())
                .put("FsType", token.volume().fsType().label())
                .put("CreatedAt", token.volume().createdAt().toString());
    }
}
