/** The processes of executors and tasks as the kernel shows them, and their limits. */
package io.mooring.local.container;
