/** Pure: what a task that runs in a container asks of the Docker Engine, and what it may not ask. */
package io.mooring.common.container;
