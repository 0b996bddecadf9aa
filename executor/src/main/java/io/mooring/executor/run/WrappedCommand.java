package io.mooring.executor.run;

import java.util.Optional;

/**
 * The command that Marathon puts around an executor at a path: {@code chmod ug+rx 'PATH' && exec 'PATH' COMMAND}, with the
 * app's own command as it was written. What this process was given as arguments is that command after a shell took its
 * quotes away, so it is read here, from what the agent was told.
 */
final class WrappedCommand {
    private static final String FIRST = "chmod ug+rx '";
    private static final String THEN = "' && exec '";

    private WrappedCommand() {}

    /** Whether a command is of that form. */
    static boolean wraps(String command) {
        return rest(command).isPresent();
    }

    /** The app's own command; empty if the form is another, or there is none. */
    static Optional<String> original(String command) {
        return rest(command).map(String::strip).filter(own -> !own.isEmpty());
    }

    private static Optional<String> rest(String command) {
        int then = command.startsWith(FIRST) ? command.indexOf(THEN, FIRST.length()) : -1;
        if (then < 0) {
            return Optional.empty();
        }
        String path = command.substring(FIRST.length(), then);
        String again = path + "'";
        int after = then + THEN.length();
        return command.startsWith(again, after)
                ? Optional.of(command.substring(after + again.length()))
                : Optional.empty();
    }
}
