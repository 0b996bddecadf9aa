package io.mooring.plugin.service;

import io.mooring.plugin.volume.CreateDefaults;

/**
 * What the configuration says about creating and removing.
 *
 * @param create whether create calls do anything
 * @param implicitCreate whether a Docker caller's mount call creates a volume that does not exist
 * @param remove whether remove calls do anything
 * @param overcommit whether volumes may together be larger than the pool
 * @param defaults what a create call gets that names no value
 */
public record CatalogPolicy(
        Switch create, Switch implicitCreate, Switch remove, Switch overcommit, CreateDefaults defaults) {
    /** A feature that the configuration turns on or off. */
    public enum Switch {
        ON,
        OFF
    }
}
