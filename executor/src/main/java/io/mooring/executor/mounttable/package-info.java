/** Shell: what the kernel shows of mounts, in this and in all other namespaces, and of loop devices. */
package io.mooring.executor.mounttable;
