/** Shell: the v1 executor API of the Mesos agent. */
package io.mooring.executor.mesos;
