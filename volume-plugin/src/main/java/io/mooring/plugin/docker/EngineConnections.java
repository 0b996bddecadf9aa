package io.mooring.plugin.docker;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP as Docker Engines speak it on a unix socket: today's send an empty Host header, older ones the escaped path of
 * the socket. Jetty refuses both, and has no setting against the first; what a socket's peer calls us is of no use, so
 * every request gets the same host.
 */
final class EngineConnections extends HttpConnectionFactory {
    private static final HttpField ANY_HOST = new HostPortHttpField("plugin");

    EngineConnections() {
        super(configuration());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setHttpCompliance(
                HttpCompliance.RFC7230.with("engine", HttpCompliance.Violation.UNSAFE_HOST_HEADER));
        return configuration;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new EngineConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
    }

    private static final class EngineConnection extends HttpConnection {
        private EngineConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new RequestHandler() {
                @Override
                public void parsedHeader(HttpField field) {
                    super.parsedHeader(field.getHeader() == HttpHeader.HOST ? ANY_HOST : field);
                }
            };
        }
    }
}
