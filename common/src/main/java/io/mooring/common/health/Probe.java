package io.mooring.common.health;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** One question to a running task. */
public sealed interface Probe {
    /** A GET to the task's port on its own host, which does not follow redirects' bodies beyond the status. */
    record Http(String scheme, Family family, int port, String path) implements Probe {
        public Http {
            Objects.requireNonNull(family, "family is null");
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new IllegalArgumentException("scheme '" + scheme + "': expected http or https");
            }
            requirePort(port);
            if (!path.isEmpty() && !path.startsWith("/")) {
                throw new IllegalArgumentException("path '" + path + "': expected an absolute path");
            }
        }
    }

    /** A TCP connection to the task's port on its own host. */
    record Tcp(Family family, int port) implements Probe {
        public Tcp {
            Objects.requireNonNull(family, "family is null");
            requirePort(port);
        }
    }

    /** A program that is run where the task runs. */
    record Program(List<String> argv, Map<String, String> environment) implements Probe {
        public Program {
            argv = List.copyOf(argv);
            environment = new TreeMap<>(environment);
            if (argv.isEmpty()) {
                throw new IllegalArgumentException("a program needs a name");
            }
        }

        @Override
        public Map<String, String> environment() {
            return new TreeMap<>(environment);
        }
    }

    /** Which loopback address is asked. */
    enum Family {
        IPV4("127.0.0.1"),
        IPV6("::1");

        private final String loopback;

        Family(String loopback) {
            this.loopback = loopback;
        }

        public String loopback() {
            return loopback;
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + ": expected 1 to 65535");
        }
    }
}
