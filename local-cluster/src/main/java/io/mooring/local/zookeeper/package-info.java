/** A real ZooKeeper server inside the local cluster's process. */
package io.mooring.local.zookeeper;
