package io.mooring.executor.process;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where each volume of a task is to be seen, after every rule on container paths. Looks at the disk, touches nothing. */
final class ContainerPaths {
    private static final Set<String> NEVER = Set.of("/", "/proc", "/dev", "/sys");

    private final Path sandbox;

    ContainerPaths(Path sandbox) {
        this.sandbox = sandbox;
    }

    /** The place of each volume, in the order of the request. */
    List<Place> plan(RunWorkload order) throws UnfitPathException {
        List<Place> places = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            Place place = place(volume, order.workload().defaultPath());
            for (Place other : places) {
                if (place.path().startsWith(other.path()) || other.path().startsWith(place.path())) {
                    throw new UnfitPathException("the container paths " + other.path() + " and " + place.path()
                            + " lie in each other; each volume needs a place of its own");
                }
            }
            places.add(place);
        }
        return places;
    }

    private Place place(ClaimedVolume volume, String template) throws UnfitPathException {
        String name = volume.request().name().value();
        String wanted = volume.request().containerPath().orElse(template.replace("{name}", name));
        Path path = parse(wanted);
        boolean relative = !path.isAbsolute();
        Path absolute = relative ? sandbox.resolve(path) : path;
        try {
            Path home = sandbox.toRealPath();
            Path existing = deepestExisting(absolute);
            Path real = existing.toRealPath();
            Path target = real.resolve(existing.relativize(absolute)).normalize();
            check(wanted, target, real, home);
            if (relative && !(target.startsWith(home) && !target.equals(home))) {
                throw new UnfitPathException(
                        "container path '" + wanted + "' leaves the sandbox through a symbolic link");
            }
            if (target.equals(real)) {
                return new Place(target, real, Place.Making.EXISTS);
            }
            return new Place(
                    target, real, target.startsWith(home) ? Place.Making.IN_SANDBOX : Place.Making.IN_NAMESPACE);
        } catch (IOException e) {
            throw new UnfitPathException("container path '" + wanted + "' cannot be looked at: " + e.getMessage(), e);
        }
    }

    private static Path parse(String wanted) throws UnfitPathException {
        try {
            Path path = Path.of(wanted);
            for (Path part : path) {
                if (part.toString().equals("..")) {
                    throw new UnfitPathException("container path '" + wanted + "' has '..' in it");
                }
            }
            if (wanted.isEmpty()) {
                throw new UnfitPathException("a container path is empty");
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new UnfitPathException("container path '" + wanted + "' is no path: " + e.getReason(), e);
        }
    }

    private static void check(String wanted, Path target, Path existing, Path home) throws UnfitPathException {
        if (NEVER.contains(target.toString())) {
            throw new UnfitPathException("container path '" + wanted + "' would hide " + target
                    + "; it has to be a directory of the task's own");
        }
        if (home.startsWith(target)) {
            throw new UnfitPathException("container path '" + wanted + "' would hide the task's sandbox " + home);
        }
        boolean missing = !target.equals(existing);
        boolean pseudo = existing.startsWith("/proc") || existing.startsWith("/sys") || existing.startsWith("/dev");
        if (missing && pseudo) {
            throw new UnfitPathException(
                    "container path '" + wanted + "' does not exist and cannot be made below " + existing);
        }
        if (!Files.isDirectory(existing)) {
            throw new UnfitPathException("container path '" + wanted + "': " + existing + " is no directory");
        }
    }

    private static Path deepestExisting(Path path) throws UnfitPathException {
        Path existing = path;
        while (!Files.exists(existing)) {
            if (Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
                throw new UnfitPathException(
                        "container path '" + path + "' leads through the dangling symbolic link " + existing);
            }
            existing = existing.getParent();
        }
        return existing;
    }
}
