package io.mooring.executor.app;

import io.mooring.common.crashpoint.CrashPoints;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.PluginPort;
import io.mooring.executor.engine.Ports;
import io.mooring.executor.engine.Status;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * The executor's ways to the world as ever, which a test can stop at the steps of a launch and a stop that are the
 * executor's own: its start (S4), its subscription (S5), STARTING (S6), attach and mount (S9, S10), RUNNING (S11), the
 * agent's kill (S13), unmount and detach (S14, S15), the terminal update (S16). There is one only where tests
 * ask for it.
 */
final class StoppedPorts {
    private final CrashPoints points;
    private final String task;

    StoppedPorts(CrashPoints points, String task) {
        this.points = points;
        this.task = task;
    }

    /** The process is there, and the agent does not know yet. */
    void started() {
        points.reach("before:S4", task);
    }

    Consumer<Event> around(Consumer<Event> inbox) {
        return event -> {
            if (event instanceof Event.Subscribed) {
                points.reach("before:S5", task);
            } else if (event instanceof Event.KillWanted) {
                points.reach("before:S13", task);
            }
            inbox.accept(event);
        };
    }

    Ports around(Ports ports) {
        return new Ports(
                around(AgentPort.class, ports.agent()),
                around(PluginPort.class, ports.plugins()),
                ports.mounts(),
                ports.containers(),
                ports.journal(),
                ports.workload(),
                ports.survey(),
                ports.timers(),
                ports.clock(),
                ports.workers(),
                ports.foreign());
    }

    private <T> T around(Class<T> port, T inner) {
        return port.cast(
                Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    before(method.getName(), arguments);
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        after(method.getName(), arguments);
                    }
                }));
    }

    private void before(String call, Object[] arguments) {
        switch (call) {
            case "send" -> points.reach("before:" + step((Status) arguments[0]), task);
            case "mount" -> points.reach("before:S9", volume(arguments));
            case "unmount" -> points.reach("before:S14", volume(arguments));
            default -> {}
        }
    }

    private void after(String call, Object[] arguments) {
        switch (call) {
            case "mount" -> points.reach("after:S10", volume(arguments));
            case "unmount" -> points.reach("after:S15", volume(arguments));
            default -> {}
        }
    }

    private static String volume(Object[] arguments) {
        return ((VolumeName) arguments[1]).value();
    }

    private static String step(Status status) {
        return switch (status.state()) {
            case STARTING -> "S6";
            case RUNNING -> "S11";
            case KILLING -> "KILLING";
            case FINISHED, FAILED, KILLED -> "S16";
        };
    }
}
