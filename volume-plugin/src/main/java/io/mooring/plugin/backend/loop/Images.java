package io.mooring.plugin.backend.loop;

import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a volume, in its directory of the pool:
 *
 * <pre>
 * image            its first content
 * image.N          its content after N cuts
 * image.ro.HOST    the valid content under a name by which the devices of that host, which only reads, are known
 * </pre>
 */
final class Images {
    private static final String IMAGE = "image";
    private static final String READER = IMAGE + ".ro.";

    private final Pool pool;

    Images(Pool pool) {
        this.pool = pool;
    }

    /** The file with this content. */
    Path of(Target target) {
        return pool.directory(target.volume().name())
                .resolve(target.generation() == 0 ? IMAGE : IMAGE + "." + target.generation());
    }

    /** The first content of a volume whose directory this is or will be. */
    static Path first(Path directory) {
        return directory.resolve(IMAGE);
    }

    /** Makes it as long as that, on disk; what is new is a hole. A file is never made shorter. */
    static void extend(Path image, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(Math.max(bytes, file.length()));
            file.getFD().sync();
        }
    }

    /** The name under which this host attaches it. */
    Path attached(Target target) {
        return switch (target.access()) {
            case READ_WRITE -> of(target);
            case READ_ONLY -> pool.directory(target.volume().name()).resolve(READER + pool.host());
        };
    }

    /** Makes the name that this host attaches. */
    Path name(Target target) throws IOException {
        Path name = attached(target);
        if (target.access() == Access.READ_ONLY && !Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
            Files.createLink(name, of(target));
        }
        return name;
    }

    /** Takes a reader's name away; the valid content has its own. */
    void unname(Target target) throws IOException {
        if (target.access() == Access.READ_ONLY) {
            Files.deleteIfExists(attached(target));
        }
    }

    /** All contents that there are in a volume's directory, valid or former. */
    static List<Path> all(Path directory) throws IOException {
        List<Path> images = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, IMAGE + "*")) {
            files.forEach(images::add);
        }
        return images;
    }
}
