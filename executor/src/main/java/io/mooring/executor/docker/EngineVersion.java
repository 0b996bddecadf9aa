package io.mooring.executor.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.command.ExecutorReport.EngineReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** Asks an engine for its version, without the engine's client: every inspection of an agent does, few run containers. */
final class EngineVersion {
    private static final Timeout DEADLINE = Timeout.ofSeconds(10);
    private static final int MOST_BYTES = 256 * 1024;

    private final Path socket;

    EngineVersion(Path socket) {
        this.socket = socket;
    }

    EngineReport ask() {
        HttpGet request = new HttpGet("http://engine/version");
        request.setConfig(RequestConfig.custom()
                .setUnixDomainSocket(socket)
                .setResponseTimeout(DEADLINE)
                .build());
        try (CloseableHttpClient client =
                HttpClients.custom().disableAutomaticRetries().build()) {
            return client.execute(request, response -> {
                byte[] body = EntityUtils.toByteArray(response.getEntity(), MOST_BYTES);
                JsonNode version = new ObjectMapper().readTree(new String(body, StandardCharsets.UTF_8));
                return response.getCode() == 200
                        ? new EngineReport(
                                true, "Docker Engine " + version.path("Version").asText("of unknown version"))
                        : new EngineReport(false, "what serves " + socket + " is no Docker Engine");
            });
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new EngineReport(false, "no Docker Engine answers at " + socket + ": " + why);
        }
    }
}
