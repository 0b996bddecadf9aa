/** Shell: Docker volume plugins on this agent, found and spoken to as the Docker Engine does. */
package io.mooring.executor.plugin;
