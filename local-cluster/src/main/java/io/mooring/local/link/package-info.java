/** What the master and its agents say to each other. In this cluster they share a process, so it is Java calls. */
package io.mooring.local.link;
