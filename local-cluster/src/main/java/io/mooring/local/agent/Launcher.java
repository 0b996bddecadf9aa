package io.mooring.local.agent;

import io.mooring.local.container.ContainerLimits;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CommandInfo;

/** Starts executor processes, each in a session of its own and, when this process is root, as the wanted user. */
final class Launcher {
    private static final long COMMAND_SECONDS = 10;

    /** The process could not be started; the text is for the task's status. */
    static final class LaunchException extends Exception {
        private static final long serialVersionUID = 1L;

        LaunchException(String text) {
            super(text);
        }

        LaunchException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    /** Makes the sandbox, owned by the user. @throws LaunchException as Mesos words it */
    void makeSandbox(Path sandbox, Optional<String> user) throws LaunchException {
        try {
            Files.createDirectories(sandbox);
            for (String stream : List.of("stdout", "stderr")) {
                Files.writeString(sandbox.resolve(stream), "");
            }
            if (user.isPresent()) {
                own(sandbox, user.get());
            }
        } catch (IOException e) {
            throw new LaunchException("Failed to create executor directory '" + sandbox + "': " + e.getMessage(), e);
        }
    }

    /** Makes the user the owner of the sandbox and of all that is in it. */
    static void own(Path sandbox, String user) throws IOException, LaunchException {
        String ids;
        try {
            ids = id("-u", user) + ":" + id("-g", user);
        } catch (LaunchException e) {
            throw new LaunchException(
                    "Failed to create executor directory '" + sandbox + "': Failed to chown directory to '" + user
                            + "': No such user '" + user + "'",
                    e);
        }
        int uid = Integer.parseInt(ids.split(":")[0]);
        int gid = Integer.parseInt(ids.split(":")[1]);
        try (Stream<Path> all = Files.walk(sandbox)) {
            for (Path each : all.toList()) {
                Files.setAttribute(each, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Starts the command in the sandbox, within the cgroups. */
    Process start(
            List<String> command,
            Map<String, String> environment,
            Path sandbox,
            List<Path> groups,
            Optional<String> user)
            throws LaunchException {
        List<String> argv = new ArrayList<>(ContainerLimits.within(groups, List.of("setsid")));
        if (user.isPresent()) {
            argv.addAll(List.of(
                    "setpriv", "--reuid", id("-u", user.get()), "--regid", id("-g", user.get()), "--init-groups"));
        }
        argv.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(sandbox.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        sandbox.resolve("stdout").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        sandbox.resolve("stderr").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new LaunchException("Failed to launch container: " + e.getMessage(), e);
        }
    }

    /** The program and its arguments. */
    static List<String> commandLine(CommandInfo command) {
        if (command.getShell()) {
            return List.of("/bin/sh", "-c", command.getValue());
        }
        List<String> argv = new ArrayList<>(List.of(command.getValue()));
        // The first argument is argv[0] in Mesos; the program's own name serves here.
        argv.addAll(command.getArgumentsList().stream().skip(1).toList());
        return argv;
    }

    /** The user to switch to: none if this process may not switch or already is that user. */
    static Optional<String> userToBecome(String wanted) {
        String self = System.getProperty("user.name");
        return self.equals("root") && !wanted.isEmpty() && !wanted.equals("root")
                ? Optional.of(wanted)
                : Optional.empty();
    }

    private static String id(String what, String user) throws LaunchException {
        try {
            Process process = new ProcessBuilder("id", what, "--", user)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).strip();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new LaunchException("No such user '" + user + "'");
            }
            return answer;
        } catch (IOException e) {
            throw new LaunchException("cannot run id: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while looking up user '" + user + "'", e);
        }
    }
}
