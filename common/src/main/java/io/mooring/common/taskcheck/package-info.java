/** Shell: health checks and checks as Mesos' TaskInfo writes them. */
package io.mooring.common.taskcheck;
