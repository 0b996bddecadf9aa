package io.mooring.scheduler.zookeeper;

import java.util.Optional;

/**
 * The framework that a root in ZooKeeper belongs to. Two frameworks under one root would grant the same volumes.
 *
 * @param framework its name at Mesos
 */
public record Owner(String framework, Optional<String> principal) {}
