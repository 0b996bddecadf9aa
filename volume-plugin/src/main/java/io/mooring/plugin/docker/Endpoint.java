package io.mooring.plugin.docker;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a module listens. */
public sealed interface Endpoint {
    /** A unix socket, which only root may use. */
    record Socket(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * A port on the loopback interface.
     *
     * @param spec the file that tells Docker the address
     */
    record Tcp(String host, int port, Path spec) implements Endpoint {
        private static final Pattern FORM = Pattern.compile("tcp://(127\\.0\\.0\\.1|localhost|\\[::1\\]):([0-9]{1,5})");

        /** From its URL; empty if it is none, or others than this machine would reach it. */
        public static Optional<Endpoint> of(String url, Path spec) {
            Matcher form = FORM.matcher(url);
            return form.matches() && Integer.parseInt(form.group(2)) >= 1 && Integer.parseInt(form.group(2)) <= 65_535
                    ? Optional.of(new Tcp(form.group(1), Integer.parseInt(form.group(2)), spec))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return "tcp://" + host + ":" + port;
        }
    }
}
