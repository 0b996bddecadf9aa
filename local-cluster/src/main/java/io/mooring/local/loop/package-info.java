/** The threads of the local cluster: one per master and per agent, each the only one to touch its state. */
package io.mooring.local.loop;
