package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Reads one of Marathon's app definitions: checks it, fills its defaults in, and says what was accepted
 * without an effect.
 */
public final class AppReader {
    private static final List<String> IN_EFFECT = List.of(
            "id",
            "cmd",
            "args",
            "cpus",
            "mem",
            "disk",
            "instances",
            "user",
            "env",
            "labels",
            "constraints",
            "acceptedResourceRoles",
            "fetch",
            "uris",
            "ports",
            "portDefinitions",
            "requirePorts",
            "container",
            "networks",
            "backoffSeconds",
            "backoffFactor",
            "maxLaunchDelaySeconds",
            "taskKillGracePeriodSeconds",
            "healthChecks",
            "readinessChecks",
            "upgradeStrategy",
            "killSelection",
            "unreachableStrategy",
            "dependencies");
    private static final List<String> WITHOUT_EFFECT =
            List.of("role", "tty", "residency", "resourceLimits", "executorResources");
    private static final Map<String, String> REFUSED = Map.of(
            "secrets", "secrets are not handed out by this scheduler",
            "gpus", "no task is given GPUs here",
            "ipAddress", "tasks have their host's network, or Docker's bridge",
            "executor", "tasks are run by Mooring's own executor, which lets go of their volumes",
            "check", "no executor performs it; a health check is performed");
    private static final List<String> ANSWERS = List.of(
            "version",
            "versionInfo",
            "tasksStaged",
            "tasksRunning",
            "tasksHealthy",
            "tasksUnhealthy",
            "deployments",
            "tasks",
            "lastTaskFailure",
            "taskStats",
            "tasksStats",
            "readinessCheckResults",
            "mooring");
    /** Marathon's word for Mesos' command executor, which an app there has without a word. */
    private static final String COMMAND_EXECUTOR = "//cmd";

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);
    private static final int MOST_INSTANCES = 100_000;
    /** 1 PiB: beyond this a number is a mistake, such as bytes for megabytes. */
    private static final double MOST_MB = 1 << 30;
    /** A year. Longer times end up beyond what a clock or a message can express. */
    private static final double MOST_SECONDS = 365 * 24 * 3600;
    /** A definition travels in one message to its executor and stands in one znode, with what is derived from it. */
    private static final int MOST_BYTES = 64 * 1024;

    private AppReader() {}

    /** What a field of a definition comes to here, in words; where it stands in a list or an object its parts may differ. */
    public static String effect(String field) {
        if (IN_EFFECT.contains(field)) {
            return "in effect";
        }
        if (WITHOUT_EFFECT.contains(field)) {
            return "accepted, without effect here";
        }
        if (ANSWERS.contains(field)) {
            return "part of answers; ignored when it is sent";
        }
        return REFUSED.containsKey(field)
                ? "refused unless it is empty: " + REFUSED.get(field)
                : "not a field of an app; ignored";
    }

    /** The fields that a definition may have, be they refused where they say something. */
    static List<String> fields() {
        return Stream.of(IN_EFFECT, WITHOUT_EFFECT, REFUSED.keySet())
                .flatMap(Collection::stream)
                .toList();
    }

    /** A definition that can be put to the scheduler. */
    public record Read(Draft draft, List<String> notes, List<VolumeFields> volumes) {
        /** A refusal of the draft, with the paths of the fields that the user wrote. */
        public <T> Answer.Refused<T> locate(Answer.Refused<T> refused) {
            return VolumeFields.locate(refused, volumes);
        }
    }

    /** Reads a definition under the strictest rules for containers. */
    public static Answer<Read> read(JsonNode json) {
        return read(json, ContainerPolicy.STRICT);
    }

    /** Reads a whole definition; what is wrong with it is told all at once. */
    public static Answer<Read> read(JsonNode json, ContainerPolicy policy) {
        Fields app = Fields.root(json);
        DockerReader docker = new DockerReader(app, policy);
        Optional<AppId> id = id(app);
        List<String> notes = notes(app);
        Map<String, String> environment = app.textMap("env", "a text; secrets are not handed out by this scheduler");
        Map<String, String> labels = app.textMap("labels", "a text");
        DockerParameters parameters = docker.parameters();
        List<Volumes.Located> located = Volumes.read(app, environment, labels, parameters.volumes());
        List<VolumeSpec> volumes = located.stream().map(Volumes.Located::spec).toList();
        int instances = app.count("instances", 0, MOST_INSTANCES, 1);
        Optional<String> role = app.text("role");
        List<PortRequest> ports = docker.bridged() ? docker.ports() : new PortReader(app).read();
        UpkeepReader upkeep = new UpkeepReader(app, ports, volumes);
        Definition definition = new Definition(
                app.text("cmd"),
                app.texts("args"),
                app.text("user"),
                resources(app),
                ports,
                environment,
                labels,
                constraints(app),
                roles(app),
                volumes,
                FetchReader.read(app),
                backoff(app),
                Duration.ofMillis((long)
                        (app.number("taskKillGracePeriodSeconds", 0, MOST_SECONDS, (double) DEFAULT_GRACE.toSeconds())
                                * 1000)),
                docker.read(parameters.passedOn()),
                upkeep.read(id, instances, UpkeepReader.singleInstance(labels)));
        notes.addAll(upkeep.notes());
        notes.addAll(NetworkReader.check(app));
        checkLimits(app, definition.resources());
        checkCommand(app, docker);
        checkContainer(app, docker, located);
        notes.addAll(mapped(app, docker));
        checkSize(json, app);
        List<FieldError> errors = app.errors();
        if (!errors.isEmpty() || id.isEmpty()) {
            return Answer.invalid(errors);
        }
        return Answer.ok(new Read(
                new Draft(id.get(), instances, definition, role, source(json, id.get(), instances, definition)),
                notes,
                located.stream().map(Volumes.Located::fields).toList()));
    }

    private static Optional<AppId> id(Fields app) {
        Optional<String> written = app.text("id");
        if (written.isEmpty()) {
            if (!app.has("id")) {
                app.missing("id", "a path such as /shop/orders-db");
            }
            return Optional.empty();
        }
        try {
            if (written.get().matches("(.*/)?\\.{1,2}/*")) {
                throw new IllegalArgumentException("a path that ends in the app's own name, such as /shop/orders-db");
            }
            Optional<String> resolved = RelativePaths.below(written.get(), "/");
            return Optional.of(AppId.of(resolved.orElse(written.get())));
        } catch (IllegalArgumentException e) {
            app.error("id", "is '" + written.get().replaceAll("[^ -~]", "?") + "'", e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> notes(Fields app) {
        List<String> notes = new ArrayList<>();
        app.node().fieldNames().forEachRemaining(name -> {
            if (name.equals("executor") && app.node().get(name).asText().equals(COMMAND_EXECUTOR)) {
                notes.add("'executor' is Mesos' own, in whose place Mooring's runs the command");
            } else if (WITHOUT_EFFECT.contains(name)) {
                notes.add("'" + name + "' is accepted and has no effect here");
            } else if (REFUSED.containsKey(name)) {
                refused(app, name);
            } else if (!IN_EFFECT.contains(name) && !ANSWERS.contains(name)) {
                notes.add("'" + name + "' is not a field of an app and is ignored");
            } else if (name.equals("healthChecks") && app.node().get(name).findValue("ignoreHttp1xx") != null) {
                notes.add(
                        "'ignoreHttp1xx' is accepted and has no effect here: an answer counts when it is complete, and"
                                + " informational ones come before it");
            }
        });
        return notes;
    }

    private static void refused(Fields app, String name) {
        JsonNode value = app.node().get(name);
        boolean nothing = value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isNumber() && value.doubleValue() == 0)
                || (value.isContainerNode() && value.isEmpty());
        if (!nothing) {
            app.error(name, "is set", "this field left out: " + REFUSED.get(name));
        }
    }

    private static void checkNetworks(Fields app) {
        for (Fields network : app.objects("networks")) {
            if (!network.text("mode").equals(Optional.of("host"))) {
                network.error(
                        "mode", "is " + network.text("mode").orElse("missing"), "host: apps run in the host's network");
            }
        }
    }

    /** An image can say by itself what is run. */
    private static void checkCommand(Fields app, DockerReader docker) {
        boolean cmd = app.text("cmd").isPresent();
        boolean args = !app.texts("args").isEmpty();
        if (cmd == args && (cmd || !docker.hasImage())) {
            app.error(
                    "cmd",
                    cmd ? "and 'args' are both set" : "and 'args' are both missing",
                    "exactly one of 'cmd' and 'args'");
        }
        if (cmd && app.text("cmd").get().isBlank()) {
            app.error("cmd", "must not be an empty string", "a command for the shell");
        }
    }

    private static void checkContainer(Fields app, DockerReader docker, List<Volumes.Located> volumes) {
        if (docker.hasImage()) {
            checkBridge(app, docker);
            volumes.stream()
                    .filter(volume -> volume.spec()
                            .request()
                            .containerPath()
                            .filter(path -> !path.startsWith("/"))
                            .isPresent())
                    .forEach(volume -> app.error(
                            "container/volumes",
                            "has volume " + volume.spec().request().name() + " at a relative path",
                            "an absolute path: a container has its volumes beside its image"));
            return;
        }
        checkNetworks(app);
        app.object("container").ifPresent(container -> {
            container.only("type", "docker", "volumes", "portMappings");
            String type = container.text("type").orElse("DOCKER");
            if (!type.equals("MESOS")) {
                container.error(
                        container.has("docker") ? "docker/image" : "type",
                        container.has("docker") ? "is missing" : "is " + type,
                        "type MESOS, or an image that the Docker Engine runs");
            }
            if (!container.array("portMappings").isEmpty()) {
                container.error("portMappings", "is set", "portDefinitions: apps run in the host's network");
            }
        });
    }

    /** Ports are mapped into a network of the container's own, and only there. */
    private static void checkBridge(Fields app, DockerReader docker) {
        if (!docker.bridged()) {
            if (!docker.ports().isEmpty()) {
                app.error("container/portMappings", "is set", "docker.network BRIDGE, where ports are mapped");
            }
            return;
        }
        new PortReader(app).read();
    }

    /** What stands beside mappings says only how many there are at least. */
    private static List<String> mapped(Fields app, DockerReader docker) {
        return Stream.of("ports", "portDefinitions")
                .filter(field -> docker.bridged() && !app.array(field).isEmpty())
                .map(field ->
                        "'" + field + "' only says how many ports there are at least: the container has a network of"
                                + " its own, and 'portMappings' say which")
                .toList();
    }

    private static void checkSize(JsonNode json, Fields app) {
        int bytes = json.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            app.error(
                    "",
                    "is a definition of " + bytes + " bytes",
                    "at most " + MOST_BYTES + "; larger things are fetched, or lie on a volume");
        }
    }

    private static void checkLimits(Fields app, Resources asked) {
        app.object("resourceLimits").ifPresent(limits -> {
            limits.only("cpus", "mem");
            checkLimit(limits, "cpus", asked.cpus());
            checkLimit(limits, "mem", asked.memMb());
        });
    }

    private static void checkLimit(Fields limits, String field, double asked) {
        JsonNode limit = limits.node().path(field);
        boolean unlimited =
                limit.isMissingNode() || limit.isNull() || limit.asText().equals("unlimited");
        if (!unlimited && !(limit.isNumber() && limit.doubleValue() >= asked)) {
            limits.error(
                    field,
                    "is " + limit,
                    "'unlimited', or a resource limit greater than or equal to the requested resource (" + asked + ")");
        }
    }

    private static Resources resources(Fields app) {
        return new Resources(
                app.number("cpus", 0.001, 100_000, 1),
                app.number("mem", 0, MOST_MB, 128),
                app.number("disk", 0, MOST_MB, 0));
    }

    private static List<Constraint> constraints(Fields app) {
        List<Constraint> constraints = new ArrayList<>();
        JsonNode array = app.array("constraints");
        for (int i = 0; i < array.size(); i++) {
            constraint(app, "constraints(" + i + ")", array.get(i)).ifPresent(constraints::add);
        }
        return constraints;
    }

    private static Optional<Constraint> constraint(Fields app, String field, JsonNode written) {
        if (!written.isArray() || written.size() < 2 || written.size() > 3) {
            app.error(field, "is " + written, "[field, operator] or [field, operator, value]");
            return Optional.empty();
        }
        Optional<String> value =
                written.size() == 3 ? Optional.of(written.get(2).asText()) : Optional.empty();
        try {
            Constraint.Operator operator =
                    Constraint.Operator.valueOf(written.get(1).asText().toUpperCase(Locale.ROOT));
            if (written.get(0).asText().isEmpty()) {
                app.error(field, "missing field for constraint declaration", "hostname, @zone or an agent's attribute");
            }
            Optional<String> wrong = wrong(operator, value);
            wrong.ifPresent(expected -> app.error(field, "is " + written, expected));
            return Optional.of(new Constraint(written.get(0).asText(), operator, value));
        } catch (IllegalArgumentException e) {
            app.error(
                    field,
                    "has the operator " + written.get(1),
                    "one of UNIQUE, CLUSTER, GROUP_BY, MAX_PER, LIKE, UNLIKE, IS");
            return Optional.empty();
        }
    }

    private static Optional<String> wrong(Constraint.Operator operator, Optional<String> value) {
        return switch (operator) {
            case UNIQUE -> value.isPresent() ? Optional.of("UNIQUE without a value") : Optional.empty();
            case CLUSTER -> Optional.empty();
            case GROUP_BY ->
                value.isPresent() && !value.get().matches("[0-9]{1,6}")
                        ? Optional.of("GROUP_BY with no value or a number")
                        : Optional.empty();
            case MAX_PER ->
                value.isEmpty() || !value.get().matches("[0-9]{1,6}")
                        ? Optional.of("MAX_PER with a number")
                        : Optional.empty();
            case LIKE, UNLIKE ->
                pattern(value) ? Optional.empty() : Optional.of(operator + " with a regular expression");
            case IS ->
                value.isPresent() && value.get().matches("[a-zA-Z0-9_/.-]*")
                        ? Optional.empty()
                        : Optional.of("IS with letters, digits, '_', '/', '.' and '-'");
        };
    }

    private static boolean pattern(Optional<String> value) {
        try {
            return value.isPresent() && Pattern.compile(value.get()) != null;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static List<String> roles(Fields app) {
        List<String> roles = app.texts("acceptedResourceRoles");
        if (app.has("acceptedResourceRoles") && roles.isEmpty()) {
            app.error("acceptedResourceRoles", "is empty", "at least one role, or the field left out");
        }
        return roles;
    }

    private static Backoff backoff(Fields app) {
        double first = app.number("backoffSeconds", 0, MOST_SECONDS, 1);
        double factor = app.number("backoffFactor", 1, 1000, 1.15);
        double most = app.number("maxLaunchDelaySeconds", 0, MOST_SECONDS, 300);
        return new Backoff(Duration.ofMillis((long) (first * 1000)), factor, Duration.ofMillis((long) (most * 1000)));
    }

    /** The definition as the API gives it back: as it was written, with the defaults that count. */
    private static String source(JsonNode json, AppId id, int instances, Definition definition) {
        ObjectNode source = json.deepCopy();
        source.remove(ANSWERS);
        source.put("id", id.path());
        source.put("instances", instances);
        put(source, "cpus", definition.resources().cpus());
        put(source, "mem", definition.resources().memMb());
        put(source, "disk", definition.resources().diskMb());
        put(source, "backoffSeconds", definition.backoff().first().toMillis() / 1000.0);
        put(source, "backoffFactor", definition.backoff().factor());
        put(source, "maxLaunchDelaySeconds", definition.backoff().most().toMillis() / 1000.0);
        for (String list : List.of("constraints", "fetch")) {
            if (!source.hasNonNull(list)) {
                source.putArray(list);
            }
        }
        for (String map : List.of("env", "labels")) {
            if (!source.hasNonNull(map)) {
                source.putObject(map);
            }
        }
        return source.toString();
    }

    /** Whole numbers as Marathon writes them: its clients read some fields as such. */
    private static void put(ObjectNode source, String field, double number) {
        if (number == Math.rint(number)) {
            source.put(field, (long) number);
        } else {
            source.put(field, number);
        }
    }
}
