package io.mooring.plugin.backend.loop;

import java.nio.file.Path;

/**
 * A loop device that holds a volume's file.
 *
 * @param node its device node
 * @param number its major:minor, which most file systems show in the mount table
 * @param leaving true when its detach was ordered: the kernel takes the file off as soon as its last user is gone, and
 *     the next attach, of whatever file, may get the device
 * @param readOnly true when nobody can write through it
 * @param file the name of the file as it was attached, which may be one of several
 */
record LoopDevice(String node, String number, boolean leaving, boolean readOnly, String file) {
    /** Whether it was attached under this name, by whatever path: namespaces differ in their paths, not in names. */
    boolean attachedAs(Path name) {
        String last = file.substring(file.lastIndexOf('/') + 1);
        String wanted = name.getFileName().toString();
        return last.equals(wanted) || last.equals(wanted + " (deleted)");
    }
}
