package io.mooring.executor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks users up as the system does, whatever its name service is. */
final class Users {
    private static final int FIELDS = 7;

    private final Commands commands;

    Users(Commands commands) {
        this.commands = commands;
    }

    /** The user of that name or number; empty if there is none. */
    Optional<User> find(String name) throws IOException {
        if (name.isEmpty() || name.startsWith("-")) {
            return Optional.empty();
        }
        Commands.Result result = commands.run(List.of("getent", "passwd", name));
        String[] fields = result.output().split(":", -1);
        if (result.status() != 0 || fields.length < FIELDS) {
            return Optional.empty();
        }
        return Optional.of(new User(fields[0], Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
    }

    /** Who this process runs as. */
    static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
