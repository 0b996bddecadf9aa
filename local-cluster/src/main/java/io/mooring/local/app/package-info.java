/** The local cluster as a process: configuration, wiring, start and orderly end. */
package io.mooring.local.app;
