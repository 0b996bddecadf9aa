package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.marathon.AppReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The defaults that an answer shows: Marathon's, of an app that says nothing but its id and its command. */
class AppDefaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant VERSION = Instant.parse("2026-03-01T10:00:00.123Z");

    private static Draft draft(String json) throws Exception {
        return ((Answer.Ok<AppReader.Read>) AppReader.read(JSON.readTree(json.replace('\'', '"'))))
                .value()
                .draft();
    }

    private static JsonNode shown(String json) throws Exception {
        Draft draft = draft(json);
        App app = new App(
                draft.id(),
                VERSION,
                VERSION,
                VERSION,
                App.Goal.RUN,
                draft.instances(),
                draft.definition(),
                draft.source(),
                Optional.empty(),
                List.of());
        return JSON.readTree(AppView.definition(app, Optional.of("*")).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    id                    | "/web"
                    cmd                   | "run"
                    cpus                  | 1
                    mem                   | 128
                    disk                  | 0
                    gpus                  | 0
                    instances             | 1
                    executor              | ""
                    role                  | "*"
                    backoffSeconds        | 1
                    backoffFactor         | 1.15
                    maxLaunchDelaySeconds | 300
                    requirePorts          | false
                    killSelection         | "YOUNGEST_FIRST"
                    networks              | [{"mode":"host"}]
                    portDefinitions       | [{"port":0,"protocol":"tcp"}]
                    upgradeStrategy       | {"minimumHealthCapacity":1.0,"maximumOverCapacity":1.0}
                    unreachableStrategy   | {"inactiveAfterSeconds":0,"expungeAfterSeconds":0}
                    env                   | {}
                    labels                | {}
                    constraints           | []
                    fetch                 | []
                    dependencies          | []
                    healthChecks          | []
                    readinessChecks       | []
                    version               | "2026-03-01T10:00:00.123Z"
                    """)
    void anAppThatSaysNothingIsShownWithMarathonsDefaults(String field, String value) throws Exception {
        assertThat(shown("{'id':'web','cmd':'run'}").path(field)).isEqualTo(JSON.readTree(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    container
                    args
                    user
                    acceptedResourceRoles
                    taskKillGracePeriodSeconds
                    check
                    secrets
                    ipAddress
                    uris
                    """)
    void showsNothingOfWhatHasNoDefault(String field) throws Exception {
        assertThat(shown("{'id':'web','cmd':'run'}").hasNonNull(field)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /healthChecks/0    | {'protocol':'HTTP','ipProtocol':'IPv4','portIndex':0,'gracePeriodSeconds':300,'intervalSeconds':60,'timeoutSeconds':20,'delaySeconds':15,'maxConsecutiveFailures':3}
                    /healthChecks/1    | {'protocol':'COMMAND','command':{'value':'true'},'ipProtocol':'IPv4','gracePeriodSeconds':5,'intervalSeconds':60,'timeoutSeconds':20,'delaySeconds':15,'maxConsecutiveFailures':0}
                    /healthChecks/2    | {'protocol':'TCP','port':80,'ipProtocol':'IPv4','gracePeriodSeconds':300,'intervalSeconds':60,'timeoutSeconds':20,'delaySeconds':15,'maxConsecutiveFailures':3}
                    /readinessChecks/0 | {'name':'readinessCheck','protocol':'HTTP','path':'/','portName':'http-api','intervalSeconds':30,'timeoutSeconds':10,'httpStatusCodesForReady':[200],'preserveLastResponse':false}
                    /fetch/0           | {'uri':'http://x/a','extract':true,'executable':false,'cache':false}
                    """)
    void thePartsOfListsAreShownWithTheirDefaultsAndMeanTheSameWhenTheyArePutBack(String pointer, String value)
            throws Exception {
        String app = "{'id':'web','cmd':'run','portDefinitions':[{'name':'http-api'}],'healthChecks':[{},"
                + "{'protocol':'COMMAND','command':{'value':'true'},'gracePeriodSeconds':5,'maxConsecutiveFailures':0},"
                + "{'protocol':'TCP','port':80}],'readinessChecks':[{}],'fetch':[{'uri':'http://x/a'}]}";

        JsonNode shown = shown(app);

        assertThat(shown.at(pointer)).isEqualTo(JSON.readTree(value.replace('\'', '"')));
        assertThat(draft(shown.toString()).definition()).isEqualTo(draft(app).definition());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'container':{'type':'MESOS','volumes':[{'containerPath':'d','mode':'RW','external':{'name':'data','provider':'dvdi','options':{'dvdi/driver':'rexray'}}}]}
                    'env':{'DVDI_VOLUME_NAME':'data'}
                    """)
    void anAppWithAVolumeKeepsHalfAndNeverHasMore(String fields) throws Exception {
        assertThat(shown("{'id':'web','cmd':'run'," + fields + "}").path("upgradeStrategy"))
                .isEqualTo(JSON.readTree("{\"minimumHealthCapacity\":0.5,\"maximumOverCapacity\":0.0}"));
    }
}
