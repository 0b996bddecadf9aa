package io.mooring.scheduler.marathon;

import io.mooring.scheduler.definition.Definition.FetchUri;
import java.util.ArrayList;
import java.util.List;

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
            if (address.isEmpty() || address.length() > LONGEST) {
                uri.error("uri", address.isEmpty() ? "is missing" : "is longer than " + LONGEST, "an address");
            }
            if (uri.text("destPath").isPresent()) {
                uri.error("destPath", "is set", "none: files come into the sandbox under their own names");
            }
            fetch.add(new FetchUri(
                    address, uri.flag("extract", true), uri.flag("executable", false), uri.flag("cache", false)));
        }
        List<String> uris = app.texts("uris");
        if (!uris.isEmpty() && !fetch.isEmpty()) {
            app.error("uris", "cannot specify both uris and fetch fields", "one of them");
        }
        for (String uri : uris) {
            fetch.add(new FetchUri(uri, uri.matches(ARCHIVES), false, false));
        }
        return fetch;
    }
}
