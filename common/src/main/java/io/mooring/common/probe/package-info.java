/** Shell: asks running tasks on this host how they are, again and again. */
package io.mooring.common.probe;
