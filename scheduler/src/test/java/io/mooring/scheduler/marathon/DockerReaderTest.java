package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Definition.PortRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an app with an image may say, and what would get at a volume without a claim. JSON stands in single quotes. */
class DockerReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContainerPolicy GENEROUS =
            new ContainerPolicy(Privilege.FULL, List.of("/etc/ssl", "/srv/shared/"));

    private static Answer<AppReader.Read> read(String json, ContainerPolicy policy) {
        try {
            return AppReader.read(JSON.readTree(json.replace('\'', '"')), policy);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static Definition definition(String json, ContainerPolicy policy) {
        Answer<AppReader.Read> answer = read(json, policy);
        assertThat(answer).as(json).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<AppReader.Read>) answer).value().draft().definition();
    }

    private static List<FieldError> errors(String json) {
        Answer<AppReader.Read> answer = read(json, ContainerPolicy.STRICT);
        assertThat(answer).as(json).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused<AppReader.Read>) answer).errors();
    }

    private static String parameters(String... keysAndValues) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            list.append(i == 0 ? "" : ",")
                    .append("{'key':'" + keysAndValues[i] + "','value':'" + keysAndValues[i + 1] + "'}");
        }
        return docker("'image':'web:1','parameters':[" + list + "]");
    }

    private static String docker(String fields) {
        return "{'id':'/web','container':{'docker':{" + fields + "}}}";
    }

    @Test
    void readsThePublishedExampleVerbatim() throws IOException {
        Definition definition;
        try (InputStream file = DockerReaderTest.class.getResourceAsStream("/marathon/nginx.json")) {
            definition = definition(new String(file.readAllBytes(), StandardCharsets.UTF_8), ContainerPolicy.STRICT);
        }
        assertThat(definition.container())
                .contains(new DockerContainer(
                        "million12/nginx",
                        Pull.IF_MISSING,
                        Network.BRIDGE,
                        List.of(new PortMapping(80, 0, Transport.TCP)),
                        List.of(),
                        Privilege.USUAL));
        assertThat(definition.ports()).containsExactly(new PortRequest(0, Optional.empty()));
        assertThat(definition.command()).isEmpty();
        assertThat(definition.volumes()).singleElement().satisfies(volume -> {
            VolumeRequest request = volume.request();
            assertThat(request.name().value()).isEqualTo("nginx-data");
            assertThat(request.driver().value()).isEqualTo("rexray");
            assertThat(request.containerPath()).contains("/data/www");
            assertThat(request.mode()).isEqualTo(MountMode.READ_WRITE);
        });
    }

    @Test
    void passesOnWhatIsOnTheList() {
        Definition definition = definition(
                parameters(
                        "env", "A=b=c", "hostname", "web-1", "cap-add", "NET_RAW", "u", "1000:1000", "tmpfs", "/tmp"),
                ContainerPolicy.STRICT);
        assertThat(definition.container().orElseThrow().parameters())
                .containsExactly(
                        new DockerParameter(DockerOption.ENV, "A=b=c"),
                        new DockerParameter(DockerOption.HOSTNAME, "web-1"),
                        new DockerParameter(DockerOption.CAP_ADD, "NET_RAW"),
                        new DockerParameter(DockerOption.USER, "1000:1000"),
                        new DockerParameter(DockerOption.TMPFS, "/tmp"));
        assertThat(definition.ports()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "privileged, true, without a claim",
        "volumes-from, other, without a claim",
        "device, /dev/loop0, without a claim",
        "pid, host, other processes",
        "security-opt, seccomp=unconfined, its agent's disks",
        "restart, always, when its task is over",
        "name, mine, carries the claim",
        "memory, 1g, the app's mem",
        "p, 80:80, portMappings",
        "colour, red, is not passed on"
    })
    void refusesWhatWouldDefeatOwnershipWithTheReason(String key, String value, String reason) {
        assertThat(errors(parameters("env", "A=b", key, value))).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/container/docker/parameters(1)/key");
            assertThat(error.what()).contains(reason);
            assertThat(error.expected()).contains("volume-driver", "hostname");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "cap-add, SYS_ADMIN, a capability that reaches no disk",
        "cap-add, ALL, a capability that reaches no disk",
        "volume, /etc:/etc, allows no directories of agents",
        "volume, /, a directory of the agent and one of the container",
        "volume, data:/a:z, ro or rw",
        "volume, data:/proc/x, not in /proc",
        "volume, data, name:/path",
        "volume, data:rel, an absolute path",
        "sysctl, vm.swappiness=1, a setting of the container's own",
        "env, A, NAME=value"
    })
    void refusesValuesThatReachTheAgent(String key, String value, String expected) {
        List<FieldError> errors = errors(parameters("volume-driver", "rexray", key, value));
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/container/docker/parameters(1)/value");
            assertThat(error.expected()).contains(expected);
        });
    }

    @Test
    void refusesASecondVolumeDriverAndNone() {
        assertThat(errors(parameters("volume-driver", "rexray", "volume-driver", "other", "volume", "data:/x")))
                .extracting(FieldError::path)
                .containsExactly("/container/docker/parameters(1)/key");
        assertThat(errors(parameters("volume", "data:/x")))
                .extracting(FieldError::path)
                .containsExactly("/container/docker/parameters(0)/value");
        assertThat(errors(parameters("volume-driver", "local", "env", "A=b")))
                .extracting(FieldError::path)
                .containsExactly("/container/docker/parameters(0)/value");
    }

    @Test
    void allowsWhatTheOperatorAllows() {
        assertThat(errors(docker("'image':'web:1','privileged':true")))
                .extracting(FieldError::path)
                .containsExactly("/container/docker/privileged");
        Definition definition = definition(
                parameters("volume", "/etc/ssl/certs:/etc/ssl/certs:ro", "volume", "/srv/shared:/shared"), GENEROUS);
        assertThat(definition.container().orElseThrow().parameters()).hasSize(2);
        assertThat(definition(docker("'image':'web:1','privileged':true"), GENEROUS)
                        .container()
                        .orElseThrow()
                        .privilege())
                .isEqualTo(Privilege.FULL);
        for (String outside : List.of("/etc/sslx:/a", "/etc/ssl/../shadow:/a", "/srv:/a", "/:/a")) {
            assertThat(read(parameters("volume", outside), GENEROUS))
                    .as(outside)
                    .isInstanceOf(Answer.Refused.class);
        }
        assertThatThrownBy(() -> new ContainerPolicy(Privilege.USUAL, List.of("etc")))
                .hasMessageContaining("absolute path");
    }

    @Test
    void takesTheNewFormOfNetworksAndPorts() {
        Definition definition = definition(
                "{'id':'/web','cmd':'run','networks':[{'mode':'container/bridge'}],'container':{'type':'DOCKER',"
                        + "'portMappings':[{'containerPort':53,'hostPort':31053,'protocol':'udp,tcp','name':'dns'}],"
                        + "'docker':{'image':'web:1','forcePullImage':true}}}",
                ContainerPolicy.STRICT);
        assertThat(definition.container().orElseThrow().ports())
                .containsExactly(new PortMapping(53, 31053, Transport.BOTH));
        assertThat(definition.ports()).containsExactly(new PortRequest(31053, Optional.of("dns")));
        assertThat(definition.container().orElseThrow().pull()).isEqualTo(Pull.ALWAYS);
    }

    @Test
    void mapsOnePortWhereNoneIsSpokenOfAndNoneWhereTheListIsEmpty() {
        String docker = "'docker':{'image':'web:1','network':'BRIDGE'}";
        Definition silent = definition("{'id':'/web','container':{" + docker + "}}", ContainerPolicy.STRICT);
        assertThat(silent.container().orElseThrow().ports()).containsExactly(new PortMapping(0, 0, Transport.TCP));
        assertThat(silent.ports()).containsExactly(new PortRequest(0, Optional.of("default")));

        Definition none =
                definition("{'id':'/web','container':{" + docker + ",'portMappings':[]}}", ContainerPolicy.STRICT);
        assertThat(none.ports()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'image':'web:1','network':'USER' | /container/docker/network",
                "'image':'web:1','portMappings':[{'containerPort':80}] | /container/portMappings",
                "'image':'web:1','network':'BRIDGE','portMappings':[{'containerPort':70000}] | /container/docker/portMappings(0)/containerPort",
                "'image':'web:1','colour':'red' | /container/docker/colour",
                "'image':'-web' | /container/docker/image"
            })
    void saysWhereAContainerIsWrong(String fields, String path) {
        assertThat(errors(docker(fields))).extracting(FieldError::path).containsExactly(path);
    }
}
