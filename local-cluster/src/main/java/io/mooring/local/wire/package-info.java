/** HTTP as Mesos speaks it: bodies in protobuf and JSON, RecordIO streams, and the texts of its refusals. */
package io.mooring.local.wire;
