package io.mooring.scheduler.marathon;

import io.mooring.scheduler.definition.Definition.FetchUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what is brought into the sandbox: {@code fetch}, or {@code uris}, its old form. */
final class FetchReader {
    private static final String ARCHIVES = ".*\\.(tgz|tar\\.gz|tbz2|tar\\.bz2|txz|tar\\.xz|zip)$";
    private static final int LONGEST = 1024;

    private FetchReader() {}

    static List<FetchUri> read(Fields app) {
        List<FetchUri> fetch = new ArrayList<>();
        for (Fields uri : app.objects("fetch")) {
            uri.only("uri", "extract", "executable", "cache", "destPath");
            String address = uri.text("uri").orElse("");
            if (!uri.has("uri")) {
                uri.missing("uri", "an address");
            } else if (address.isEmpty() || address.length() > LONGEST) {
                uri.error("uri", address.isEmpty() ? "is empty" : "is longer than " + LONGEST, "an address");
            }
            checkSyntax(uri, "uri", address);
            fetch.add(new FetchUri(
                    address,
                    uri.flag("extract", true),
                    uri.flag("executable", false),
                    uri.flag("cache", false),
                    destination(uri)));
        }
        List<String> uris = app.texts("uris");
        for (int i = 0; i < uris.size(); i++) {
            checkSyntax(app, "uris(" + i + ")", uris.get(i));
        }
        if (!uris.isEmpty() && !fetch.isEmpty()) {
            app.error("uris", "cannot specify both uris and fetch fields", "one of them");
        }
        for (String uri : uris) {
            fetch.add(new FetchUri(uri, uri.matches(ARCHIVES), false, false));
        }
        return fetch;
    }

    private static void checkSyntax(Fields fields, String field, String uri) {
        try {
            new URI(uri);
        } catch (URISyntaxException e) {
            fields.error(field, "URI has invalid syntax.", "such as https://example.com/a.tgz");
        }
    }

    /** Marathon looks at its length only; the rest is what Mesos' fetcher refuses, when the task is launched. */
    private static Optional<String> destination(Fields uri) {
        Optional<String> written = uri.text("destPath");
        written.filter(path -> path.isEmpty() || path.length() > LONGEST || !isBelow(path))
                .ifPresent(path -> uri.error(
                        "destPath",
                        path.length() > LONGEST ? "is longer than " + LONGEST : "is '" + path + "'",
                        "a file's path within the sandbox, such as config/app.yml"));
        return written;
    }

    private static boolean isBelow(String written) {
        try {
            Path path = Path.of(written);
            return !path.isAbsolute()
                    && !path.normalize().startsWith("..")
                    && !path.normalize().toString().isEmpty()
                    && !written.endsWith("/");
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
