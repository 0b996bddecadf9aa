package io.mooring.scheduler.rest;

import io.mooring.scheduler.definition.App;
import java.util.Locale;
import java.util.function.Predicate;

/** Which apps a list is to show, by Marathon's parameters. */
final class AppFilter {
    private AppFilter() {}

    /**
     * Parameters that are not given fit every app.
     *
     * @param command a part of the command, in whichever case
     * @param id a part of the id, in whichever case
     * @param label a selector of labels
     * @throws IllegalArgumentException if the selector cannot be read
     */
    static Predicate<App> of(String command, String id, String label) {
        Predicate<App> all = app -> true;
        Predicate<App> byCommand = command == null
                ? all
                : app -> app.definition()
                        .command()
                        .filter(its -> contains(its, command))
                        .isPresent();
        Predicate<App> byId = id == null ? all : app -> contains(app.id().path(), id);
        Predicate<App> byLabel = all;
        if (label != null) {
            var labels = LabelSelector.parse(label);
            byLabel = app -> labels.test(app.definition().labels());
        }
        return byCommand.and(byId).and(byLabel);
    }

    private static boolean contains(String whole, String part) {
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
