package io.mooring.cli.command;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/** What a person types to show that they mean it. */
final class Confirmation {
    private Confirmation() {}

    /**
     * The words given on the command line, or else typed at the terminal.
     *
     * <p>From Java 22 on there is always a console, so that whoever has no terminal reads nothing and confirms nothing.
     *
     * @return empty if nothing was given and there is no terminal to ask at
     */
    @SuppressWarnings("SystemConsoleNull")
    static Optional<String> of(String question, String given, PrintWriter messages) {
        if (given != null) {
            return Optional.of(given);
        }
        Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        messages.flush();
        String typed = console.readLine("%s", question);
        return Optional.of(typed == null ? "" : typed.strip());
    }
}
