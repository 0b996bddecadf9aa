package io.mooring.executor.plugin;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a plugin listens.
 *
 * @param base what the paths of the calls are added to
 * @param socket the unix socket, if it is one; the host in {@code base} then means nothing
 * @param tls what a {@code .json} file says of TLS; empty for plain HTTP
 */
public record PluginAddress(URI base, Optional<Path> socket, Optional<PluginTls> tls) {
    private static final URI ANY_HOST = URI.create("http://localhost");

    static PluginAddress unix(Path socket) {
        return new PluginAddress(ANY_HOST, Optional.of(socket), Optional.empty());
    }

    /**
     * Reads an address as spec files have it, such as {@code unix:///run/x.sock} or {@code tcp://host:port}.
     *
     * @throws IllegalArgumentException if it has no scheme that Docker knows
     */
    static PluginAddress parse(String text, Optional<PluginTls> tls) {
        URI uri = URI.create(text.strip());
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        return switch (scheme) {
            case "unix" -> unix(Path.of(uri.getPath()));
            case "tcp", "http" ->
                new PluginAddress(URI.create("http://" + uri.getAuthority()), Optional.empty(), Optional.empty());
            case "https" -> new PluginAddress(uri, Optional.empty(), Optional.of(tls.orElse(PluginTls.UNVERIFIED)));
            default ->
                throw new IllegalArgumentException("'" + text.strip()
                        + "' is no plugin address; it has to begin with unix://, tcp:// or https://");
        };
    }

    @Override
    public String toString() {
        return socket.map(path -> "unix://" + path).orElse(base.toString());
    }
}
