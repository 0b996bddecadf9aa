/** The built-in executor of command tasks: a process of its own, as {@code mesos-executor} is. */
package io.mooring.local.command;
