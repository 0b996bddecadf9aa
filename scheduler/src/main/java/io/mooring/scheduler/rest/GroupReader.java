package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.GroupRequests.Wish;
import io.mooring.scheduler.decision.Wanted;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.marathon.AppReader;
import io.mooring.scheduler.marathon.RelativePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a group's definition wants of its apps and groups: those that it has are put, those that it has not any more are removed. */
final class GroupReader {
    private static final Set<String> KNOWN =
            Set.of("id", "apps", "groups", "dependencies", "pods", "version", "scaleBy", "enforceRole");
    private static final int DEEPEST = 20;

    private final AppDrafts drafts;
    private final List<App> before;
    private final List<Group> groupsBefore;
    private final List<String> made = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final List<Wanted> wanted = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private final List<AppReader.Read> reads = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * Reads on a background.
     *
     * @param before the apps that there are in the group and below it
     * @param groupsBefore the groups that were asked for, likewise
     */
    GroupReader(AppDrafts drafts, List<App> before, List<Group> groupsBefore) {
        this.drafts = drafts;
        this.before = before;
        this.groupsBefore = groupsBefore;
    }

    /** What is wanted; nothing where something is wrong, which {@link #errors} tells. */
    Wish read(String group, JsonNode body) {
        group(group, body, "", List.of(), 0);
        return errors.isEmpty() ? new Wish(wanted, made, dropped) : new Wish(List.of(), List.of(), List.of());
    }

    List<FieldError> errors() {
        return List.copyOf(errors);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** A refusal of the apps, with the paths of the fields that the user wrote. */
    Answer.Refused<?> locate(Answer.Refused<?> refused) {
        List<FieldError> located = new ArrayList<>();
        for (FieldError error : AppDrafts.locate(refused, reads).errors()) {
            FieldError found = error;
            for (int i = 0; i < paths.size(); i++) {
                String place = "(" + i + ")";
                if (error.path().startsWith(place)) {
                    found = error.at(paths.get(i) + error.path().substring(place.length()));
                }
            }
            located.add(found);
        }
        return new Answer.Refused<>(refused.why(), refused.what(), located);
    }

    private void group(String group, JsonNode body, String path, List<String> inherited, int depth) {
        if (!body.isObject() || depth > DEEPEST) {
            Fault fault = body.isObject() ? Fault.RULE : Fault.NO_OBJECT;
            String expected = "an object with apps and groups, at most " + DEEPEST + " deep in others";
            errors.add(new FieldError(path, "is no group", expected, fault));
            return;
        }
        if (!group.equals("/")) {
            made.add(group);
        }
        if (body.path("enforceRole").asBoolean()) {
            notes.add("'enforceRole' of group " + group + " is accepted and has no effect here");
        }
        if (body.path("dependencies").size() > 0) {
            notes.add("'dependencies' of group " + group + " are those of the apps in this request; the group does not"
                    + " keep them");
        }
        body.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                notes.add("'" + field + "' is not a field of a group and is ignored");
            }
        });
        if (!list(body, "pods", path).isEmpty()) {
            errors.add(new FieldError(path + "/pods", "is set", "no pods: they are not run here"));
        }
        List<String> dependencies = dependencies(group, body, path, inherited);
        if (body.hasNonNull("apps")) {
            apps(group, list(body, "apps", path), path, dependencies);
        }
        if (body.hasNonNull("groups")) {
            groups(group, list(body, "groups", path), path, dependencies, depth);
        }
    }

    private JsonNode list(JsonNode body, String field, String path) {
        if (body.hasNonNull(field) && !body.get(field).isArray()) {
            errors.add(new FieldError(path + "/" + field, "is not a list", "a list", Fault.NO_LIST));
        }
        return body.path(field).isArray() ? body.get(field) : JsonNodeFactory.instance.arrayNode();
    }

    /** The absolute id that an app or a group in a list says; empty if that is wrong, which is told. */
    private Optional<String> id(JsonNode item, String group, String place, String what) {
        if (!item.isObject()) {
            errors.add(new FieldError(place, "is not an object", "an object", Fault.NO_OBJECT));
            return Optional.empty();
        }
        if (!item.path("id").isTextual()) {
            boolean there = item.hasNonNull("id");
            errors.add(new FieldError(
                    place + "/id",
                    there ? "is not a text" : "is missing",
                    "a name in this group",
                    there ? Fault.NO_TEXT : Fault.MISSING));
            return Optional.empty();
        }
        Optional<String> id = RelativePaths.below(item.get("id").textValue(), group);
        if (id.isEmpty() || !parent(id.get()).equals(group)) {
            errors.add(new FieldError(place + "/id", "is no " + what + " of group " + group, "a name in this group"));
            return Optional.empty();
        }
        return id;
    }

    private List<String> dependencies(String group, JsonNode body, String path, List<String> inherited) {
        List<String> all = new ArrayList<>(inherited);
        JsonNode dependencies = list(body, "dependencies", path);
        for (int i = 0; i < dependencies.size(); i++) {
            Optional<String> other = RelativePaths.below(dependencies.get(i).asText(), parent(group));
            if (other.isEmpty()) {
                errors.add(new FieldError(path + "/dependencies(" + i + ")", "is no path", "the path of a group"));
            }
            other.ifPresent(all::add);
        }
        return all;
    }

    private void apps(String group, JsonNode apps, String path, List<String> dependencies) {
        Set<String> named = new TreeSet<>();
        for (int i = 0; i < apps.size(); i++) {
            String place = path + "/apps(" + i + ")";
            Optional<String> id = id(apps.get(i), group, place, "app");
            if (id.isPresent()) {
                named.add(id.get());
                app(id.get(), (ObjectNode) apps.get(i).deepCopy(), place, dependencies);
            }
        }
        before.stream()
                .map(app -> app.id())
                .filter(app -> parent(app.path()).equals(group) && !named.contains(app.path()))
                .forEach(this::remove);
    }

    private void app(String id, ObjectNode definition, String place, List<String> dependencies) {
        definition.put("id", id);
        boolean list = !definition.hasNonNull("dependencies")
                || definition.get("dependencies").isArray();
        if (list && !dependencies.isEmpty()) {
            ArrayNode all = definition.withArray("/dependencies");
            dependencies.forEach(all::add);
        }
        Answer<AppReader.Read> read = drafts.whole(definition);
        if (read instanceof Answer.Refused<AppReader.Read> refused) {
            refused.errors().forEach(error -> errors.add(error.at(place + error.path())));
            return;
        }
        AppReader.Read app = ((Answer.Ok<AppReader.Read>) read).value();
        app.notes().forEach(note -> notes.add(id + ": " + note));
        // In front of those that are removed: a place in the list of what is read is a place in the list of what is
        // wanted.
        wanted.add(reads.size(), new Wanted.Put(app.draft()));
        reads.add(app);
        paths.add(place);
    }

    private void groups(String group, JsonNode groups, String path, List<String> dependencies, int depth) {
        Set<String> named = new TreeSet<>();
        for (int i = 0; i < groups.size(); i++) {
            String place = path + "/groups(" + i + ")";
            Optional<String> id = id(groups.get(i), group, place, "group");
            if (id.isPresent()) {
                named.add(id.get());
                group(id.get(), groups.get(i), place, dependencies, depth + 1);
            }
        }
        String prefix = group.equals("/") ? "/" : group + "/";
        before.stream()
                .map(App::id)
                .filter(app -> {
                    int slash = app.path().indexOf('/', prefix.length());
                    return app.path().startsWith(prefix)
                            && slash > 0
                            && !named.contains(app.path().substring(0, slash));
                })
                .forEach(this::remove);
        groupsBefore.stream()
                .map(Group::path)
                .filter(known -> known.startsWith(prefix) && named.stream().noneMatch(kept -> holds(kept, known)))
                .forEach(dropped::add);
    }

    private static boolean holds(String group, String path) {
        return path.equals(group) || path.startsWith(group + "/");
    }

    private void remove(AppId app) {
        wanted.add(new Wanted.Delete(app));
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
