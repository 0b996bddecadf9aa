package io.mooring.executor.run;

import io.mooring.common.command.TaskOrder.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a task of another framework can be run, before anybody is asked for its volumes, and as what. */
public final class ForeignTerms {
    /** Who runs the workload; the executor itself has to be root. */
    public static final String USER = "mooring/user";

    private static final int ROOT = 0;
    /** As long as Mesos' own executor waits. */
    private static final Duration USUAL_GRACE = Duration.ofSeconds(3);

    private ForeignTerms() {}

    /** What comes of it. */
    public sealed interface Verdict {
        /** It can be run, once its volumes are claimed. */
        record Run(Workload workload) implements Verdict {}

        /** It cannot, and nothing was touched. */
        record Refuse(String reason) implements Verdict {}
    }

    /** Whether a launch without a readable order is one of another framework's, as its command shows. */
    public static boolean recognises(String command) {
        return WrappedCommand.wraps(command);
    }

    /**
     * Looks at all that can be said without Mooring.
     *
     * @param uid who this process runs as
     * @param defaultPath where a volume without a container path is seen
     */
    public static Verdict judge(ForeignLaunch launch, int uid, String defaultPath) {
        Optional<String> objection = objection(launch, uid);
        if (objection.isPresent()) {
            return new Verdict.Refuse(objection.get());
        }
        return new Verdict.Run(new Workload(
                WrappedCommand.original(launch.command()),
                List.of(),
                Optional.of(launch.labels().get(USER)),
                environment(launch.environment()),
                defaultPath,
                launch.killGrace().orElse(USUAL_GRACE),
                Optional.empty(),
                launch.limits()));
    }

    private static Optional<String> objection(ForeignLaunch launch, int uid) {
        if (launch.form() == ForeignLaunch.CommandForm.ARGUMENTS) {
            return Optional.of("the app has 'args', and with an executor of its own Marathon runs 'cmd' only: write"
                    + " the command as 'cmd'");
        }
        if (!WrappedCommand.wraps(launch.command())) {
            return Optional.of(
                    "the task has no order of Mooring's, and this executor was not started as Marathon starts"
                            + " one, by chmod ug+rx '<path>' && exec '<path>' <cmd>");
        }
        if (WrappedCommand.original(launch.command()).isEmpty()) {
            return Optional.of("the app has no 'cmd'; it says what is run once the volumes are mounted");
        }
        if (launch.container().isPresent()) {
            return launch.container();
        }
        if (uid != ROOT) {
            return Optional.of("the executor runs as user number " + uid + " and has to run as root to mount volumes:"
                    + " set the app's 'user' to root, and who is to run the command in the label " + USER);
        }
        String user = launch.labels().getOrDefault(USER, "");
        return user.isBlank()
                ? Optional.of(
                        "the label " + USER + " is missing: the executor runs as root, and the label says who runs"
                                + " the app's command (root, if that is meant)")
                : Optional.empty();
    }

    /** What concerns this executor is not the workload's. */
    private static Map<String, String> environment(Map<String, String> given) {
        Map<String, String> environment = new TreeMap<>(given);
        environment.keySet().removeIf(name -> name.startsWith("MOORING_EXECUTOR_"));
        return environment;
    }
}
