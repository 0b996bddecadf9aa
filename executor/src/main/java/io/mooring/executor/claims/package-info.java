/** Shell: the scheduler's claim service, for tasks that other frameworks launch with this executor. */
package io.mooring.executor.claims;
