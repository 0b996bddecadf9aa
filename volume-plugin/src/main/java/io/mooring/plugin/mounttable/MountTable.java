package io.mooring.plugin.mounttable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the kernel's mount tables: the only witness of what is mounted, ours or another process's. */
public final class MountTable {
    private final Path proc;

    /** Over a proc file system, in production {@code /proc}. */
    public MountTable(Path proc) {
        this.proc = proc;
    }

    /** The mounts that this process sees now. */
    public MountInfo now() {
        try {
            return read(proc.resolve("self/mountinfo"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mount table; is /proc mounted?", e);
        }
    }

    static MountInfo read(Path file) throws IOException {
        // Not readString: the kernel does not promise UTF-8, and one foreign mount must not blind us to the others.
        return MountInfo.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
}
