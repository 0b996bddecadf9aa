package io.mooring.common.container;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The options of {@code docker run} that an app may set: none of them reaches a disk, a device or another process of the
 * agent, or keeps the container running when its task is over.
 */
public enum DockerOption {
    ADD_HOST("add-host", "[^:\\s]+:[0-9A-Fa-f.:]+", "name:address"),
    CAP_ADD(
            "cap-add",
            "(?:CAP_)?(?:AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|IPC_LOCK|KILL|NET_BIND_SERVICE"
                    + "|NET_BROADCAST|NET_RAW|SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT|SYS_NICE)",
            "a capability that reaches no disk or device: others come only with privileged, where that is allowed"),
    CAP_DROP("cap-drop", "[A-Z_]+", "a capability, or ALL"),
    DNS("dns", "[0-9A-Fa-f.:]+", "an address"),
    DNS_SEARCH("dns-search", "[A-Za-z0-9._-]+", "a domain"),
    ENTRYPOINT("entrypoint", "(?s).+", "a program"),
    ENV("env", "(?s)[^=\\s]+=.*", "NAME=value"),
    GROUP_ADD("group-add", "[A-Za-z0-9._-]+", "a group"),
    HOSTNAME("hostname", "[A-Za-z0-9][A-Za-z0-9.-]*", "a host name"),
    INIT("init", "true|false", "true or false"),
    LABEL("label", "(?s)[^=\\s]+=.*", "key=value"),
    LOG_DRIVER("log-driver", "[a-z0-9-]+", "a log driver"),
    LOG_OPT("log-opt", "(?s)[^=\\s]+=.*", "key=value"),
    PIDS_LIMIT("pids-limit", "[1-9][0-9]{0,8}", "a number"),
    READ_ONLY("read-only", "true|false", "true or false"),
    SHM_SIZE("shm-size", "[1-9][0-9]{0,11}[bkmg]?", "a size such as 64m"),
    STOP_SIGNAL("stop-signal", "(?:SIG)?[A-Z][A-Z0-9+-]*|[1-9][0-9]?", "a signal"),
    SYSCTL(
            "sysctl",
            "(?:net|kernel\\.(?:msg|sem|shm)|fs\\.mqueue)[^=\\s]*=.*",
            "a setting of the container's own, name=value"),
    TMPFS("tmpfs", "/[^:,]+(?::[a-z0-9=,]+)?", "an absolute path, with options after a colon"),
    ULIMIT("ulimit", "[a-z]+=-?[0-9]+(?::-?[0-9]+)?", "name=soft or name=soft:hard"),
    USER("user", "[A-Za-z0-9._-]+(?::[A-Za-z0-9._-]+)?", "user or user:group"),
    /** A directory of the agent, which has to be on the operator's list; a claimed volume is none. */
    VOLUME("volume", "/[^:]*:/[^:]+(?::(?:ro|rw))?", "a directory of the agent and one of the container"),
    WORKDIR("workdir", "/.*", "an absolute path");

    private final String key;
    private final Pattern form;
    private final String expected;

    DockerOption(String key, String form, String expected) {
        this.key = key;
        this.form = Pattern.compile(form);
        this.expected = expected;
    }

    /** The option's name as {@code docker run} has it, without dashes. */
    public String key() {
        return key;
    }

    /** What its value has to be, in words. */
    public String expected() {
        return expected;
    }

    /** Whether a value has the form that the option needs. */
    public boolean takes(String value) {
        return value.indexOf('\0') < 0 && form.matcher(value).matches();
    }

    /** The option of that name; empty if it is not on the list. */
    public static Optional<DockerOption> of(String key) {
        return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
    }

    /** All names, for what is told to users. */
    public static String keys() {
        return Arrays.stream(values()).map(DockerOption::key).collect(Collectors.joining(", "));
    }
}
