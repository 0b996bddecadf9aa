package io.mooring.plugin.config;

import io.mooring.plugin.docker.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes a configuration apart into its modules. Each has an endpoint of its own and may say about everything else what
 * differs for it. There is one without a name, too, whose socket is named like the driver; {@code default-docker} may be
 * given to change it or leave it out.
 */
final class Modules {
    private static final String DEFAULT = KeySorter.USUAL;

    private final KeySorter sorter;
    private final Path pluginDirectory;

    Modules(KeySorter sorter, Path pluginDirectory) {
        this.sorter = sorter;
        this.pluginDirectory = pluginDirectory;
    }

    /** A module's settings, before they are read. */
    record Part(String name, String service, String driver, Endpoint endpoint, Settings settings) {}

    List<Part> parts() throws ConfigException {
        Map<String, Setting> common = sorter.settings("", Set.of());
        Map<String, Map<String, Setting>> services = new TreeMap<>();
        for (String service : sorter.names(KeySorter.SERVICES)) {
            services.put(service, sorter.settings(KeySorter.SERVICES + service + ".", Set.of("driver")));
        }
        Set<String> names = sorter.names(KeySorter.MODULES);
        List<Part> parts = new ArrayList<>();
        if (!names.contains(DEFAULT) && (names.isEmpty() || common.containsKey(ConfigKeys.SERVICE))) {
            parts.add(part(Optional.empty(), common, Map.of(), services));
        }
        for (String name : names) {
            Map<String, Setting> own = sorter.settings(KeySorter.MODULES + name + ".", ConfigKeys.OF_MODULE.keySet());
            if (served(new Settings(own))) {
                parts.add(part(Optional.of(name), common, own, services));
            }
        }
        if (parts.isEmpty()) {
            throw new ConfigException("every module is disabled; there is nothing to serve");
        }
        requireDifferentEndpoints(parts);
        return parts;
    }

    private static boolean served(Settings own) throws ConfigException {
        String type = own.text("type", "docker").toLowerCase(Locale.ROOT);
        if (!List.of("docker", "csi", "admin").contains(type)) {
            throw own.bad("type", "docker (csi and admin modules are not served here)");
        }
        return type.equals("docker") && !own.truth("disabled", false);
    }

    private Part part(
            Optional<String> name,
            Map<String, Setting> common,
            Map<String, Setting> own,
            Map<String, Map<String, Setting>> services)
            throws ConfigException {
        Map<String, Setting> used = new TreeMap<>(common);
        String service = service(own.getOrDefault(ConfigKeys.SERVICE, common.get(ConfigKeys.SERVICE)));
        Map<String, Setting> ofService = services.getOrDefault(service.toLowerCase(Locale.ROOT), Map.of());
        used.putAll(ofService);
        used.putAll(own);
        Settings settings = new Settings(used);
        String driver = ofService.containsKey("driver") ? named(ofService.get("driver"), "driver") : service;
        Path socket = pluginDirectory.resolve(base(name, service) + ".sock");
        return new Part(
                name.orElse(service), service, driver, endpoint(settings, socket, base(name, service)), settings);
    }

    private static String base(Optional<String> name, String service) {
        return name.map(given -> given.equals(DEFAULT) ? "rexray" : clean(given))
                .orElse(service);
    }

    /** A module's name as a file's, by REX-Ray's rule. */
    private static String clean(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[ &_=+:]", "-")
                .replaceAll("[^a-z0-9~.-]", "")
                .replaceAll("-+", "-");
    }

    private static Endpoint endpoint(Settings settings, Path socket, String base) throws ConfigException {
        String host = settings.text("host", "");
        if (host.isEmpty()) {
            return new Endpoint.Socket(socket);
        }
        if (host.startsWith("unix://")) {
            Path path = Path.of(host.substring("unix://".length()));
            if (!path.isAbsolute() || !path.toString().endsWith(".sock")) {
                throw settings.bad("host", "unix:///PATH/NAME.sock");
            }
            return new Endpoint.Socket(path.normalize());
        }
        Optional<Endpoint> tcp =
                Endpoint.Tcp.of(host, Path.of(settings.text("spec", "/etc/docker/plugins/" + base + ".spec")));
        return tcp.orElseThrow(() -> settings.bad(
                "host",
                "unix:///PATH/NAME.sock or tcp://127.0.0.1:PORT; whoever reaches it may mount every volume, so it is"
                        + " served on this machine only"));
    }

    private static String service(Setting setting) throws ConfigException {
        if (setting == null || setting.text().isBlank()) {
            throw new ConfigException(
                    "libstorage.service is missing; it must name a driver, loop, vfs, virtualbox or scaleio");
        }
        return named(setting, setting.key());
    }

    /** storageDrivers was a list; one module serves its first entry, as REX-Ray's own mapping has it. */
    private static String named(Setting setting, String key) throws ConfigException {
        String name = setting.text().split("[, ]", 2)[0];
        if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new ConfigException(setting.origin() + ": " + key + " is '" + setting.text()
                    + "', must be the name of a driver, loop, vfs, virtualbox or scaleio");
        }
        return name;
    }

    private static void requireDifferentEndpoints(List<Part> parts) throws ConfigException {
        Set<Endpoint> seen = new HashSet<>();
        for (Part part : parts) {
            if (!seen.add(part.endpoint())) {
                throw new ConfigException("module " + part.name() + " has the same endpoint as another one, "
                        + part.endpoint() + "; give it a host of its own");
            }
        }
    }
}
