/** Shell: the workload's processes and namespaces, and the programs that make them. */
package io.mooring.executor.process;
