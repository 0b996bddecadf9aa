/**
 * The master: frameworks, agents, offers and tasks, and the rules by which a real Mesos 1.11 master moves them. All state
 * is touched by the master's loop only.
 */
package io.mooring.local.master;
