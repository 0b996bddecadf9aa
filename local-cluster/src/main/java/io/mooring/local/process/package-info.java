/**
 * The local cluster as a person starts it: its directory, its processes, their supervision, and what is cleaned up when
 * an earlier one was killed.
 */
package io.mooring.local.process;
