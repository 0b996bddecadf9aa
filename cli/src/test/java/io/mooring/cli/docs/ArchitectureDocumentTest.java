package io.mooring.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.cli.MooringMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Keeps the documents true: what they list exists, and what exists is listed. */
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern MODULE = Pattern.compile("^### .*`(io\\.mooring\\.[a-z]+)`$");
    private static final Pattern FIRST_CELL = Pattern.compile("^\\| `([^`]+)` \\|.*");

    @Test
    void architectureNamesEveryPackageAndNoOther() throws IOException {
        assertThat(documentedPackages()).isEqualTo(packages());
    }

    @Test
    void readmeListsEveryCommandAndNoOther() throws IOException {
        assertThat(commandRows().keySet()).isEqualTo(commands().keySet());
    }

    @Test
    void readmeNamesEveryOptionInTheRowOfItsCommand() throws IOException {
        Map<String, String> rows = commandRows();
        Set<String> everywhere = optionsOfAllCommands();
        commands().forEach((name, command) -> command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(option -> !everywhere.contains(option))
                .forEach(option -> assertThat(rows.get(name))
                        .as("README's row of %s", name)
                        .contains("`" + option)));
    }

    @Test
    void readmeNamesTheOptionsOfAllCommands() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(optionsOfAllCommands()).isNotEmpty().allSatisfy(option -> assertThat(readme)
                .contains("`" + option));
    }

    @Test
    void indexListsEveryDecisionRecordAndNoOther() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([0-9]{4}-[a-z0-9-]+\\.md)\\)");
        Set<String> listed = new TreeSet<>();
        Matcher links = link.matcher(Files.readString(ROOT.resolve("docs/adr/README.md")));
        while (links.find()) {
            listed.add(links.group(1));
        }
        assertThat(listed).isEqualTo(names(ROOT.resolve("docs/adr"), "[0-9]{4}-.*\\.md"));
    }

    @Test
    void linksBetweenDocumentsLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#:]+)\\)");
        for (Path document : documents()) {
            Matcher links = link.matcher(Files.readString(document));
            while (links.find()) {
                assertThat(document.resolveSibling(links.group(1)))
                        .as("link in %s", ROOT.relativize(document))
                        .exists();
            }
        }
    }

    private static Set<String> documentedPackages() throws IOException {
        Set<String> packages = new TreeSet<>();
        String module = null;
        for (String line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
            Matcher heading = MODULE.matcher(line);
            Matcher row = FIRST_CELL.matcher(line);
            if (heading.matches()) {
                module = heading.group(1);
            } else if (line.startsWith("#")) {
                module = null;
            } else if (module != null && row.matches()) {
                String room = row.group(1).equals(module) ? module : module + "." + row.group(1);
                assertThat(packages.add(room)).as("%s is named once", room).isTrue();
            }
        }
        return packages;
    }

    /** Every directory below some module's {@code src/main/java} that has a type in it. */
    private static Set<String> packages() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : names(ROOT, "[a-z-]+")) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(file -> sources.relativize(file.getParent())
                                    .toString()
                                    .replace('/', '.'))
                            .forEach(packages::add);
                }
            }
        }
        return packages;
    }

    /** The rows of README's table of commands, by the command without its arguments. */
    private static Map<String, String> commandRows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
            inTable = line.startsWith("#") ? line.equals("## Commands") : inTable;
            Matcher row = FIRST_CELL.matcher(line);
            if (inTable && row.matches()) {
                List<String> words = Arrays.stream(row.group(1).split(" "))
                        .takeWhile(word -> word.equals(word.toLowerCase(java.util.Locale.ROOT)))
                        .toList();
                rows.put(String.join(" ", words), line);
            }
        }
        return rows;
    }

    /** The commands that do something, with their groups' names before their own. */
    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> commands = new TreeMap<>();
        collect("", mooring(), commands);
        return commands;
    }

    private static void collect(String prefix, CommandLine group, Map<String, CommandLine> commands) {
        group.getSubcommands().forEach((name, command) -> {
            if (command.getCommandSpec().usageMessage().hidden()) {
                return;
            }
            // A group may do something by itself, too.
            if (command.getSubcommands().isEmpty() || command.getCommand() instanceof Callable) {
                commands.put(prefix + name, command);
            }
            collect(prefix + name + " ", command, commands);
        });
    }

    private static Set<String> optionsOfAllCommands() {
        Set<String> options = new TreeSet<>();
        mooring().getCommandSpec().options().forEach(option -> options.add(option.longestName()));
        return options;
    }

    private static CommandLine mooring() {
        return new CommandLine(new MooringMain());
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> records = Files.list(ROOT.resolve("docs/adr"));
                Stream<Path> examples = Files.list(ROOT.resolve("marathon-examples"))) {
            return Stream.of(top, records, examples)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> names(Path directory, String form) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            Set<String> names = new TreeSet<>();
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches(form))
                    .forEach(names::add);
            return names;
        }
    }
}
