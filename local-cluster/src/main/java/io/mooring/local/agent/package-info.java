/**
 * An agent: sandboxes, real executor processes, the executor API, and status updates that are kept until they are
 * acknowledged. All state is touched by the agent's loop only.
 */
package io.mooring.local.agent;
