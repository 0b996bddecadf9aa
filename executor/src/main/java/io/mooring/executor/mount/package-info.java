/** Pure: one volume's order of operations on this agent, and what its journal entry means after a crash. */
package io.mooring.executor.mount;
