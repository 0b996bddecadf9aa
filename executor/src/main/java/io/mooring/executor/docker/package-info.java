/** Shell: tasks as containers of the machine's Docker Engine. */
package io.mooring.executor.docker;
