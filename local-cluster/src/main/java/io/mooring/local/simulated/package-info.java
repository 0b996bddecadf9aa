/** Agents without processes, for scale: the master cannot tell them from others, and nothing runs on them. */
package io.mooring.local.simulated;
