package io.mooring.executor.dvdcli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A command line of dvdcli 0.2: one command, with flags before or behind it. What the original crashes on or takes for
 * success, such as an option without a value or a flag that it does not know, is refused.
 *
 * @param driver name of the plugin; empty if none was given
 * @param volume name of the volume; empty if none was given
 * @param options for a create, by lower-cased key
 * @param explicit whether a volume that is not there is not made by a mount
 */
record Invocation(
        Command command,
        Optional<String> driver,
        Optional<String> volume,
        Map<String, String> options,
        Create explicit) {
    private static final String DRIVER = "--volumedriver";
    private static final String NAME = "--volumename";
    private static final String OPTIONS = "--volumeopts";
    private static final String EXPLICIT = "--explicitcreate";

    Invocation {
        options = new TreeMap<>(options);
    }

    /** What is to be done. */
    enum Command {
        CREATE,
        REMOVE,
        MOUNT,
        UNMOUNT,
        PATH,
        GET,
        LIST,
        VERSION,
        HELP;

        private static Optional<Command> named(String word) {
            return Arrays.stream(values())
                    .filter(command -> command.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }

        private boolean takesOptions() {
            return this == CREATE || this == MOUNT;
        }
    }

    /** Whether a mount makes a volume that is not there. */
    enum Create {
        WHEN_MISSING,
        ONLY_EXPLICITLY
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException saying what is wrong and what would be right
     */
    static Invocation parse(List<String> arguments) {
        Command command = null;
        Map<String, String> flags = new TreeMap<>();
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--help") || argument.equals("-h")) {
                command = Command.HELP;
            } else if (argument.startsWith("-")) {
                int equals = argument.indexOf('=');
                String flag = flag(equals < 0 ? argument : argument.substring(0, equals));
                boolean lone = flag.equals(EXPLICIT) && equals < 0;
                if (equals < 0 && !lone && i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(flag + " needs a value, such as " + flag + "=x");
                }
                String value = equals >= 0 ? argument.substring(equals + 1) : lone ? "true" : arguments.get(++i);
                if (flag.equals(OPTIONS)) {
                    pieces.add(value);
                } else {
                    flags.put(flag, value);
                }
            } else if (command == null) {
                command = Command.named(argument)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "unknown command '" + argument + "'; the commands are create, remove, mount, unmount,"
                                        + " path, get, list and version"));
            } else {
                throw new IllegalArgumentException("unexpected argument '" + argument + "' behind a command");
            }
        }
        return of(command == null ? Command.HELP : command, flags, pieces);
    }

    private static Invocation of(Command command, Map<String, String> flags, List<String> pieces) {
        if (!pieces.isEmpty() && !command.takesOptions()) {
            throw new IllegalArgumentException(OPTIONS + " goes with create and mount only");
        }
        if (flags.containsKey(EXPLICIT) && command != Command.MOUNT) {
            throw new IllegalArgumentException(EXPLICIT + " goes with mount only");
        }
        return new Invocation(
                command,
                Optional.ofNullable(flags.get(DRIVER)).filter(name -> !name.isEmpty()),
                Optional.ofNullable(flags.get(NAME)).filter(name -> !name.isEmpty()),
                options(pieces),
                explicit(flags.getOrDefault(EXPLICIT, "false")));
    }

    /** The original knows the lower-case form alone; its readme and Mesos' module write another. */
    private static String flag(String written) {
        String flag = written.toLowerCase(Locale.ROOT);
        if (!List.of(DRIVER, NAME, OPTIONS, EXPLICIT).contains(flag)) {
            throw new IllegalArgumentException("unknown flag " + written + "; the flags are " + DRIVER + ", " + NAME
                    + ", " + OPTIONS + " and " + EXPLICIT);
        }
        return flag;
    }

    private static Create explicit(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> Create.ONLY_EXPLICITLY;
            case "false", "f", "0" -> Create.WHEN_MISSING;
            default -> throw new IllegalArgumentException(EXPLICIT + " is '" + value + "', must be true or false");
        };
    }

    private static Map<String, String> options(List<String> pieces) {
        Map<String, String> options = new TreeMap<>();
        for (String piece : pieces) {
            for (String option : piece.split(",")) {
                int equals = option.indexOf('=');
                if (option.isBlank()) {
                    continue;
                }
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            OPTIONS + " has '" + option + "', must be KEY=VALUE such as size=5; several with commas");
                }
                options.put(option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return options;
    }
}
