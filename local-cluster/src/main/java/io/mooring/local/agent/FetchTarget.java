package io.mooring.local.agent;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;

/** Where a fetched file goes: below the sandbox, under the name it is given or the last part of its URI. */
final class FetchTarget {
    private FetchTarget() {}

    /** What is wrong with the URI, in the original's words; found before anything is fetched. */
    static Optional<String> objection(CommandInfo.URI uri) {
        String value = uri.getValue();
        if (value.indexOf('\\') >= 0 || value.indexOf('\'') >= 0 || value.indexOf('\0') >= 0) {
            return Optional.of("Illegal characters in URI");
        }
        int scheme = value.indexOf("://");
        if (scheme > 1) {
            String path = value.substring(scheme + 3);
            if (path.indexOf('/') < 0 || path.length() <= path.indexOf('/') + 1) {
                return Optional.of("Malformed URI (missing path): " + value);
            }
        }
        return uri.hasOutputFile() ? objection(uri.getOutputFile()) : Optional.empty();
    }

    private static Optional<String> objection(String outputFile) {
        if (outputFile.isEmpty()) {
            return Optional.of("URI output file path is empty");
        }
        Path path = Path.of(outputFile);
        return path.isAbsolute() || path.normalize().startsWith("..")
                ? Optional.of("URI output file must be within the sandbox directory")
                : Optional.empty();
    }

    static Path file(CommandInfo.URI uri, Path sandbox) {
        String value = uri.getValue().stripLeading();
        return sandbox.resolve(uri.hasOutputFile() ? uri.getOutputFile() : value.substring(value.lastIndexOf('/') + 1));
    }
}
