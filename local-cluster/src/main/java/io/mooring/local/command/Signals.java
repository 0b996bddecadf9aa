package io.mooring.local.command;

import java.util.List;

/** How commands end, in the words of the C library on Linux, which are Mesos' words too. */
final class Signals {
    /** A process that a signal ended exits with that much more than the signal's number, as the JDK tells it. */
    static final int OFFSET = 128;

    private static final List<String> NAMES = List.of(
            "Unknown signal 0",
            "Hangup",
            "Interrupt",
            "Quit",
            "Illegal instruction",
            "Trace/breakpoint trap",
            "Aborted",
            "Bus error",
            "Floating point exception",
            "Killed",
            "User defined signal 1",
            "Segmentation fault",
            "User defined signal 2",
            "Broken pipe",
            "Alarm clock",
            "Terminated",
            "Stack fault",
            "Child exited",
            "Continued",
            "Stopped (signal)",
            "Stopped",
            "Stopped (tty input)",
            "Stopped (tty output)",
            "Urgent I/O condition",
            "CPU time limit exceeded",
            "File size limit exceeded",
            "Virtual timer expired",
            "Profiling timer expired",
            "Window changed",
            "I/O possible",
            "Power failure",
            "Bad system call");

    private Signals() {}

    /** For example {@code exited with status 1} or {@code terminated with signal Killed}. */
    static String words(int exit) {
        int signal = exit - OFFSET;
        return signal > 0 && signal < NAMES.size()
                ? "terminated with signal " + NAMES.get(signal)
                : "exited with status " + exit;
    }
}
