package io.mooring.plugin.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds programs in a fixed list of directories, so that neither the environment nor the working directory of the
 * service decides what runs as root.
 */
public record Programs(List<Path> directories) {
    public Programs {
        directories = List.copyOf(directories);
    }

    /** Where Debian and its relatives keep the programs of a storage host. */
    public static Programs ofTheSystem() {
        return new Programs(List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin")));
    }

    /** The program's full path, or empty when no directory has it. */
    public Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
