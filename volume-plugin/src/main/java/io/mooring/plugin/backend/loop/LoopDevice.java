package io.mooring.plugin.backend.loop;

/**
 * A loop device that holds a volume's file.
 *
 * @param node its device node
 * @param number its major:minor, which most file systems show in the mount table
 * @param leaving true when its detach was ordered: the kernel takes the file off as soon as its last user is gone, and
 *     the next attach, of whatever file, may get the device
 */
record LoopDevice(String node, String number, boolean leaving) {}
