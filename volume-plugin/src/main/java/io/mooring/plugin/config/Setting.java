package io.mooring.plugin.config;

/**
 * One value of the configuration.
 *
 * @param key the key as it was written
 * @param origin where it was written
 * @param text the value; a list is its entries with commas between them
 */
record Setting(String key, String origin, String text) {}
