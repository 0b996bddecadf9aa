package io.mooring.local.agent;

import io.mooring.local.resource.Reservations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;

/** Persistent volumes: directories {@code volumes/roles/ROLE/ID} in the work directory, linked into sandboxes. */
final class Volumes {
    private final Path root;

    Volumes(Path workDir) {
        root = workDir.resolve("volumes").resolve("roles");
    }

    /** Makes the directories of new volumes and removes those of destroyed ones, with all that is in them. */
    void follow(Offer.Operation operation) {
        operation.getCreate().getVolumesList().forEach(volume -> make(directory(volume)));
        operation.getDestroy().getVolumesList().forEach(volume -> remove(directory(volume)));
    }

    /** Shows the volumes among the resources in the sandbox, each at its container path. */
    void show(List<Resource> resources, Path sandbox) {
        for (Resource volume : resources) {
            if (Reservations.isPersistentVolume(volume)) {
                link(sandbox.resolve(volume.getDisk().getVolume().getContainerPath()), directory(volume));
            }
        }
    }

    private Path directory(Resource volume) {
        return root.resolve(Reservations.role(volume).replace('/', ' '))
                .resolve(volume.getDisk().getPersistence().getId());
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the volume " + directory, e);
        }
    }

    private static void link(Path inSandbox, Path volume) {
        try {
            Files.createDirectories(inSandbox.getParent());
            Files.createSymbolicLink(inSandbox, volume);
        } catch (FileAlreadyExistsException e) {
            // Another task of the executor has the same volume there.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot show the volume " + volume + " in its sandbox", e);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the volume " + directory, e);
        }
    }
}
