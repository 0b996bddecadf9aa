package io.mooring.scheduler.detection;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the masters are, as an operator writes it, in the forms of Mesos' own {@code --master}: an address, several of
 * them, {@code zk://user:password@host:port,host:port/path}, or {@code file:///path} of a file that holds one of these, so
 * that a password is on no command line.
 */
public sealed interface Masters {
    /** The scheme of addresses that state none. */
    enum Scheme {
        HTTP,
        HTTPS;

        private URI of(String address) {
            return URI.create(name().toLowerCase(java.util.Locale.ROOT) + "://" + address);
        }
    }

    /** One of these leads. */
    record Listed(List<URI> addresses) implements Masters {
        public Listed {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The leader is on record in ZooKeeper.
     *
     * @param connect {@code host:port,host:port}
     * @param path below which the masters announce themselves
     * @param login {@code user:password} for ZooKeeper's digest authentication
     * @param scheme how masters are spoken to; their announcement does not say
     */
    record InZooKeeper(String connect, String path, Optional<String> login, Scheme scheme) implements Masters {
        /** Without the login. */
        @Override
        public String toString() {
            return "zk://" + (login.isPresent() ? "***@" : "") + connect + path;
        }
    }

    /**
     * Reads what is configured.
     *
     * @param written one form, or addresses; a form with commas in it may come in pieces
     * @throws IllegalArgumentException if it is none of the forms; the message holds no password
     * @throws IOException if the file that it names cannot be read
     */
    static Masters read(List<String> written, Scheme scheme) throws IOException {
        String whole = String.join(",", written).strip();
        if (whole.startsWith("file://")) {
            Path file = Path.of(whole.substring("file://".length()));
            whole = Files.readString(file).strip();
        }
        return whole.startsWith("zk://") ? inZooKeeper(whole, scheme) : listed(whole, scheme);
    }

    /** What may be shown of a configured form: everything but a password. */
    static String withoutPassword(String written) {
        return written.replaceAll("zk://.*@", "zk://***@");
    }

    private static Masters inZooKeeper(String whole, Scheme scheme) {
        String rest = whole.substring("zk://".length());
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "/" : rest.substring(slash).replaceAll("/+$", "");
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        String connect = authority.substring(at + 1);
        boolean half = at >= 0 && (login.indexOf(':') < 1 || login.endsWith(":"));
        if (connect.isEmpty() || path.length() < 2 || path.contains("//") || half) {
            throw new IllegalArgumentException(
                    "'" + withoutPassword(whole)
                            + "' does not say where the masters are; it has to be zk://[user:password@]host:port,host:port/path");
        }
        return new InZooKeeper(connect, path, at < 0 ? Optional.empty() : Optional.of(login), scheme);
    }

    private static Masters listed(String whole, Scheme scheme) {
        List<URI> addresses = Arrays.stream(whole.split(","))
                .map(String::strip)
                .map(address -> address(address, scheme))
                .toList();
        return new Listed(addresses);
    }

    private static URI address(String written, Scheme scheme) {
        URI address;
        try {
            address = written.contains("://") ? URI.create(written) : scheme.of(written);
        } catch (IllegalArgumentException e) {
            throw notAnAddress(written);
        }
        boolean known = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!known || address.getHost() == null || address.getRawUserInfo() != null) {
            throw notAnAddress(written);
        }
        return URI.create(address.getScheme() + "://" + address.getHost() + ":"
                + (address.getPort() < 0 ? 5050 : address.getPort()));
    }

    private static IllegalArgumentException notAnAddress(String written) {
        String shown = written.contains("@") ? "***" + written.substring(written.lastIndexOf('@')) : written;
        return new IllegalArgumentException(
                "'" + shown
                        + "' is no address of a master; it has to be host:port, https://host:port, or zk://host:port/path alone");
    }
}
