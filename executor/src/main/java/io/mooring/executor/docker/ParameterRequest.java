package io.mooring.executor.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.Ulimit;
import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.volume.MountMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The parameters of an app, as the engine's API has them. */
final class ParameterRequest {
    private final List<DockerParameter> parameters;

    ParameterRequest(List<DockerParameter> parameters) {
        this.parameters = parameters;
    }

    void fill(CreateContainerCmd create, HostConfig host, Map<String, String> variables, Map<String, String> labels) {
        for (DockerParameter parameter : parameters) {
            String value = parameter.value();
            switch (parameter.option()) {
                case ENV -> variables.put(parameter.before('='), parameter.after('='));
                case LABEL -> labels.put(parameter.before('='), parameter.after('='));
                case ENTRYPOINT -> create.withEntrypoint(value);
                case HOSTNAME -> create.withHostName(value);
                case USER -> create.withUser(value);
                case WORKDIR -> create.withWorkingDir(value);
                case STOP_SIGNAL -> create.withStopSignal(value);
                case INIT -> host.withInit(Boolean.valueOf(value));
                case READ_ONLY -> host.withReadonlyRootfs(Boolean.valueOf(value));
                case PIDS_LIMIT -> host.withPidsLimit(Long.valueOf(value));
                case SHM_SIZE -> host.withShmSize(bytes(value));
                case ADD_HOST,
                        CAP_ADD,
                        CAP_DROP,
                        DNS,
                        DNS_SEARCH,
                        GROUP_ADD,
                        LOG_DRIVER,
                        LOG_OPT,
                        SYSCTL,
                        TMPFS,
                        ULIMIT,
                        VOLUME -> {} // all of a kind together, below
            }
        }
        lists(host);
        maps(host);
        binds(host);
    }

    private void lists(HostConfig host) {
        if (!values(DockerOption.ADD_HOST).isEmpty()) {
            host.withExtraHosts(values(DockerOption.ADD_HOST).toArray(new String[0]));
        }
        if (!values(DockerOption.DNS).isEmpty()) {
            host.withDns(values(DockerOption.DNS));
        }
        if (!values(DockerOption.DNS_SEARCH).isEmpty()) {
            host.withDnsSearch(values(DockerOption.DNS_SEARCH));
        }
        if (!values(DockerOption.GROUP_ADD).isEmpty()) {
            host.withGroupAdd(values(DockerOption.GROUP_ADD));
        }
        host.withCapAdd(capabilities(DockerOption.CAP_ADD)).withCapDrop(capabilities(DockerOption.CAP_DROP));
        host.withUlimits(
                all(DockerOption.ULIMIT).stream().map(ParameterRequest::ulimit).toList());
    }

    private void maps(HostConfig host) {
        Map<String, String> sysctls = new TreeMap<>();
        all(DockerOption.SYSCTL).forEach(each -> sysctls.put(each.before('='), each.after('=')));
        Map<String, String> memory = new TreeMap<>();
        all(DockerOption.TMPFS).forEach(each -> memory.put(each.before(':'), each.after(':')));
        if (!sysctls.isEmpty()) {
            host.withSysctls(sysctls);
        }
        if (!memory.isEmpty()) {
            host.withTmpFs(memory);
        }
        Map<String, String> log = new TreeMap<>();
        all(DockerOption.LOG_OPT).forEach(each -> log.put(each.before('='), each.after('=')));
        List<String> driver = values(DockerOption.LOG_DRIVER);
        if (!driver.isEmpty() || !log.isEmpty()) {
            host.withLogConfig(new LogConfig(driver.isEmpty() ? LoggingType.DEFAULT : logging(driver.get(0)), log));
        }
    }

    private void binds(HostConfig host) {
        List<Mount> mounts = new ArrayList<>(host.getMounts());
        for (DockerParameter bind : all(DockerOption.VOLUME)) {
            String[] parts = bind.value().split(":");
            mounts.add(ContainerRequest.bind(
                    parts[0],
                    parts[1],
                    parts.length == 3 && parts[2].equals("ro") ? MountMode.READ_ONLY : MountMode.READ_WRITE));
        }
        host.withMounts(mounts);
    }

    private List<DockerParameter> all(DockerOption option) {
        return parameters.stream()
                .filter(parameter -> parameter.option() == option)
                .toList();
    }

    private List<String> values(DockerOption option) {
        return all(option).stream().map(DockerParameter::value).toList();
    }

    private Capability[] capabilities(DockerOption option) {
        return values(option).stream()
                .map(name -> Capability.valueOf(name.startsWith("CAP_") ? name.substring(4) : name))
                .toArray(Capability[]::new);
    }

    private static LoggingType logging(String driver) {
        LoggingType type = LoggingType.fromValue(driver);
        if (type == null) {
            throw new IllegalArgumentException("'" + driver + "' is no log driver that this executor knows");
        }
        return type;
    }

    private static Ulimit ulimit(DockerParameter parameter) {
        String[] limits = parameter.after('=').split(":");
        return new Ulimit(parameter.before('='), Long.parseLong(limits[0]), Long.parseLong(limits[limits.length - 1]));
    }

    private static long bytes(String size) {
        char unit = size.toLowerCase(Locale.ROOT).charAt(size.length() - 1);
        long number = Long.parseLong(Character.isDigit(unit) ? size : size.substring(0, size.length() - 1));
        return switch (unit) {
            case 'k' -> number << 10;
            case 'm' -> number << 20;
            case 'g' -> number << 30;
            default -> number;
        };
    }
}
