package io.mooring.plugin.config;

import io.mooring.plugin.docker.Endpoint;

/**
 * One endpoint with what is served there.
 *
 * @param name of the module; what callers name as the driver is the base name of the endpoint
 * @param service the configured storage that it serves, as answers name it
 */
public record ModuleConfig(String name, String service, Endpoint endpoint, PluginConfig plugin) {}
