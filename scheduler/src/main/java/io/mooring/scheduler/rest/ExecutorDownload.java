package io.mooring.scheduler.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The executor, for the agents' fetchers. They have no credentials, so it is the one thing that is served without any; it
 * holds no secrets. A standby serves it as well as the leader.
 */
public final class ExecutorDownload extends Handler.Wrapper {
    /** The folder that it lies in. */
    public static final String FOLDER = "/v1/executor/";

    private final Path archive;
    private final String path;

    /** @param name what the archive is called in its address */
    public ExecutorDownload(Path archive, String name) {
        this.archive = archive;
        this.path = FOLDER + name;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean asks = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (!asks || !request.getHttpURI().getCanonicalPath().equals(path)) {
            return super.handle(request, response, callback);
        }
        send(request, response, callback);
        return true;
    }

    private void send(Request request, Response response, Callback callback) throws IOException {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/gzip");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, Files.size(archive));
        if (HttpMethod.HEAD.is(request.getMethod())) {
            callback.succeeded();
        } else {
            Content.copy(Content.Source.from(archive), response, callback);
        }
    }
}
