package io.mooring.scheduler.rest;

import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Passes requests on to the leader as they are, bodies and streams included. */
final class LeaderProxy extends ProxyHandler {
    static final Duration CONNECTING = Duration.ofSeconds(3);

    /** Above the longest that the leader thinks about a request, and above the pause between two signs of life of events. */
    static final Duration SILENCE = Duration.ofSeconds(45);
    /** Above the number of listeners that a scheduler takes, so that they do not keep requests out. */
    private static final int CONNECTIONS = 512;

    private static final String LEADER_ATTRIBUTE = LeaderProxy.class.getName() + ".leader";
    private static final String SELF_ATTRIBUTE = LeaderProxy.class.getName() + ".self";

    private final Failed failed;

    /** Is told when the leader did not answer. */
    interface Failed {
        void failed(Request request, Response response, Callback callback, Throwable failure);
    }

    LeaderProxy(Failed failed) {
        this.failed = failed;
    }

    void pass(Request request, Response response, Callback callback, String leader, String self) {
        request.setAttribute(LEADER_ATTRIBUTE, leader);
        request.setAttribute(SELF_ATTRIBUTE, self);
        handle(request, response, callback);
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
        super.configureHttpClient(client);
        client.setConnectTimeout(CONNECTING.toMillis());
        client.setIdleTimeout(SILENCE.toMillis());
        client.setMaxConnectionsPerDestination(CONNECTIONS);
        client.setUserAgentField(null);
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
        return HttpURI.from("http://" + request.getAttribute(LEADER_ATTRIBUTE)
                + request.getHttpURI().getPathQuery());
    }

    @Override
    protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request onward) {
        super.addProxyHeaders(request, onward);
        String self = (String) request.getAttribute(SELF_ATTRIBUTE);
        onward.headers(headers -> headers.put(LeaderRoute.VIA, self));
    }

    @Override
    protected void onServerToProxyResponseFailure(
            Request request,
            org.eclipse.jetty.client.Request onward,
            org.eclipse.jetty.client.Response answer,
            Response response,
            Callback callback,
            Throwable failure) {
        failed.failed(request, response, callback, failure);
    }
}
