/** What may go wrong in a cluster, on demand. */
package io.mooring.local.fault;
