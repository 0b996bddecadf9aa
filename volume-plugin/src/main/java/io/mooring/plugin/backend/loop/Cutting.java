package io.mooring.plugin.backend.loop;

import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends all writes to a file that others may have attached, and copies it for whoever comes next.
 *
 * <p>Below ext4 the file is made immutable: the kernel waits for what is being written, and from then on refuses every
 * write to the file, whoever opened it before and from whatever namespace; the file systems on it get I/O errors. Below
 * file systems that do not refuse such writes the copy is a reflink, which is made in one instant. Either way the former
 * holders keep the former file, which nobody reads any more.
 */
final class Cutting {
    private static final Logger LOG = LoggerFactory.getLogger(Cutting.class);

    private static final int SPOIL_ATTEMPTS = 10;

    private final HostCommands commands;
    private final LoopDevices devices;

    Cutting(HostCommands commands, LoopDevices devices) {
        this.commands = commands;
        this.devices = devices;
    }

    /** What can be done in one directory of a pool. */
    enum Means {
        IMMUTABLE,
        REFLINK,
        NONE
    }

    /** Tries it out with a file of its own. */
    Means find(Path probe) throws VolumeException, IOException {
        Files.write(probe, new byte[] {1});
        Path copy = probe.resolveSibling(probe.getFileName() + ".copy");
        try {
            if (immutableRefusesWrites(probe)) {
                return Means.IMMUTABLE;
            }
            return commands.reflink(probe, copy).succeeded() ? Means.REFLINK : Means.NONE;
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(probe);
        }
    }

    private boolean immutableRefusesWrites(Path probe) throws VolumeException, IOException {
        try (FileChannel opened = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            if (!commands.chattr("+i", probe).succeeded()) {
                return false;
            }
            try {
                opened.write(ByteBuffer.wrap(new byte[] {2}), 0);
                return false;
            } catch (IOException e) {
                return true;
            }
        } finally {
            commands.chattr("-i", probe);
        }
    }

    /** Cuts everybody off from the image, and copies what it holds then. */
    void cut(Means means, Path image, Path draft) throws VolumeException, IOException {
        switch (means) {
            case IMMUTABLE -> {
                require(commands.chattr("+i", image), "cannot make " + image + " immutable");
                copy(image, draft);
            }
            case REFLINK -> {
                require(commands.reflink(image, draft), "cannot copy " + image);
                sync(draft);
            }
            case NONE -> throw new VolumeException("nobody can be cut off from " + image);
        }
    }

    /** Copies an image that nobody writes. */
    void copy(Path image, Path draft) throws VolumeException, IOException {
        require(commands.copy(image, draft), "cannot copy " + image);
        sync(draft);
    }

    private static void sync(Path draft) throws IOException {
        try (FileChannel copy = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
    }

    /**
     * After the copy is in place: nothing leads from the former file to the valid one any more, and whoever still has a
     * device on it gets errors, not a volume that nobody else sees. An immutable file stays so until it is deleted: in the
     * moment without the flag a sync would succeed, and what it wrote would be in the former file only.
     */
    void spoil(Means means, Path image) throws VolumeException, IOException {
        switch (means) {
            case IMMUTABLE -> LOG.atDebug().addKeyValue("image", image).log("Stays immutable");
            case REFLINK, NONE -> empty(image);
        }
    }

    private void empty(Path image) throws VolumeException, IOException {
        Files.setPosixFilePermissions(image, KernelLoops.EMPTIED);
        // What is written between the two steps makes the file, and so the device, as long again.
        for (int attempt = 0; attempt < SPOIL_ATTEMPTS && Files.size(image) > 0; attempt++) {
            try (FileChannel old = FileChannel.open(image, StandardOpenOption.WRITE)) {
                old.truncate(0);
            }
            for (LoopDevice device : devices.all(image)) {
                commands.losetup("--set-capacity", device.node());
            }
        }
        if (Files.size(image) > 0) {
            LOG.atWarn().addKeyValue("image", image).log("A holder that was cut off may not notice");
        }
    }

    /** Allows the file to be deleted. */
    void unlock(Means means, Path image) throws VolumeException {
        if (means == Means.IMMUTABLE) {
            require(commands.chattr("-i", image), "cannot make " + image + " ready to be deleted");
        }
    }

    private static void require(CommandResult result, String what) throws VolumeException {
        if (!result.succeeded()) {
            throw new VolumeException(what + ": " + result.complaint());
        }
    }
}
