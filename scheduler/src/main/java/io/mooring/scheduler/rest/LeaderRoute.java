package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby's door: every request goes to the leader, and is refused while there is none. A standby answers nothing of
 * the cluster by itself, because what it knows may be old. Only who is alive is asked of each scheduler itself.
 */
final class LeaderRoute extends Handler.Wrapper {
    /** By which the leader names itself in its answers, be they passed on or not, as Marathon's does. */
    static final String LEADER = "X-Marathon-Leader";
    /** Marks what a standby passed on, as Marathon does: it is not passed on again. */
    static final String VIA = "X-Marathon-Via";

    private static final Logger LOG = LoggerFactory.getLogger(LeaderRoute.class);
    /** A request that changes nothing may simply be repeated, however far it came. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private static final Set<String> LOCAL = Set.of("/ping");

    private final EngineAccess engine;
    private final Surroundings surroundings;
    private final ObjectMapper json = new ObjectMapper();
    private final LeaderProxy proxy = new LeaderProxy(this::failed);

    LeaderRoute(EngineAccess engine, Surroundings surroundings) {
        this.engine = engine;
        this.surroundings = surroundings;
        installBean(proxy);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (LOCAL.contains(request.getHttpURI().getCanonicalPath())) {
            return super.handle(request, response, callback);
        }
        if (engine.current().isPresent()) {
            response.getHeaders().put(LEADER, "http://" + surroundings.self());
            return super.handle(request, response, callback);
        }
        Optional<String> leader = surroundings.leader();
        if (leader.isEmpty()) {
            refuse(request, response, callback, 503, "there is no leader now; ask again in a few seconds");
        } else if (leader.get().equals(surroundings.self())) {
            refuse(
                    request,
                    response,
                    callback,
                    503,
                    "this scheduler is elected and not ready yet; ask again in a few" + " seconds");
        } else if (request.getHeaders().contains(VIA)) {
            refuse(
                    request,
                    response,
                    callback,
                    503,
                    "this scheduler does not lead, and the request came through "
                            + request.getHeaders().get(VIA) + " already; ask again in a few seconds");
        } else {
            proxy.pass(request, response, callback, leader.get(), surroundings.self());
        }
        return true;
    }

    private void failed(Request request, Response response, Callback callback, Throwable failure) {
        LOG.warn("{} {} could not be passed on: {}", request.getMethod(), request.getHttpURI(), failure.toString());
        if (response.isCommitted()) {
            callback.failed(failure);
            return;
        }
        response.reset();
        if (failure instanceof ConnectException || SAFE.contains(request.getMethod())) {
            refuse(request, response, callback, 503, "the leader cannot be reached; ask again in a few seconds");
        } else {
            refuse(
                    request,
                    response,
                    callback,
                    502,
                    "the leader did not answer (" + failure.getMessage()
                            + "); whether the request had an effect is not known, ask again");
        }
    }

    private void refuse(Request request, Response response, Callback callback, int status, String detail) {
        String path = request.getHttpURI().getPath();
        boolean problem = !path.startsWith("/v2");
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, problem ? Problem.MEDIA_TYPE : "application/json");
        Content.Sink.write(
                response, true, text(problem ? problem(status, detail, path) : Map.of("message", detail)), callback);
    }

    private static Map<String, Object> problem(int status, String detail, String path) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", status == 503 ? "Service Unavailable" : "Bad Gateway");
        problem.put("status", status);
        problem.put("detail", detail);
        problem.put("instance", path);
        problem.put("errors", List.of());
        return problem;
    }

    private String text(Map<String, ?> body) {
        try {
            return new String(json.writeValueAsBytes(body), StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts cannot be written", e);
        }
    }
}
