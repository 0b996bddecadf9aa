package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.mooring.scheduler.decision.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that editors use says the same of a definition as its reader. JSON stands in single quotes here. */
class AppSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(AppReader.class.getResourceAsStream("app.schema.json"));

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../marathon-examples"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file ->
                            !file.endsWith("marathon-run.json")) // for Marathon, which lets it be run with our executor
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void takesEveryExample(Path example) throws IOException {
        JsonNode app = JSON.readTree(Files.readString(example));

        assertThat(SCHEMA.validate(app)).isEmpty();
        assertThat(AppReader.read(app)).isInstanceOf(Answer.Ok.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'cmd':'x'}",
                "{'id':'/Upper','cmd':'x'}",
                "{'id':'/a','cmd':'x','cpus':0}",
                "{'id':'/a','cmd':'x','instances':-1}",
                "{'id':'/a','cmd':'x','instances':'2'}",
                "{'id':'/a','cmd':'x','gpus':1}",
                "{'id':'/a','cmd':'x','env':{'A':{'secret':'b'}}}",
                "{'id':'/a','cmd':'x','env':{'DVDI_VOLUME_NAME10':'orders'}}",
                "{'id':'/a','cmd':'x','env':{'DVDI_VOLUME_NAME':'orders'},'labels':{'mooring/orders/access':'all'}}",
                "{'id':'/a','cmd':'x','env':{'DVDI_VOLUME_NAME':'orders'},'labels':{'mooring/orders/mode':'rwx'}}",
                "{'id':'/a','cmd':'x','container':{'type':'MESOS','volumes':[{'containerPath':'d'}]}}",
                "{'id':'/a','cmd':'x','container':{'type':'MESOS','volume':[]}}",
                "{'id':'/a','cmd':'x','container':{'type':'MESOS','volumes':[{'containerPath':'d','external':"
                        + "{'name':'orders','provider':'dvdi','options':{}}}]}}",
                "{'id':'/a','cmd':'x','container':{'type':'MESOS','volumes':[{'containerPath':'d','external':"
                        + "{'name':'orders','provider':'dvdi','options':{'dvdi/driver':'rexray','size':'1'}}}]}}",
                "{'id':'/a','container':{'docker':{'image':'a','network':'USER'}}}",
                "{'id':'/a','cmd':'x','healthChecks':[{'protocol':'ICMP'}]}",
                "{'id':'/a','cmd':'x','backoffFactor':0.5}",
                "{'id':'/a','cmd':'x','acceptedResourceRoles':[]}",
                "{'id':'/a','cmd':'x','fetch':[{'extract':true}]}",
                "{'id':'/a','cmd':'x','ports':[70000]}",
                "{'id':'/a','cmd':'x','constraints':[['hostname']]}",
                "{'id':'/a','cmd':'x','healthChecks':[{'protocol':'COMMAND','command':{'value':'x'},'every':5}]}",
                "{'id':'/a','cmd':'x','healthChecks':[{'protocol':'TCP','intervalSeconds':1.5}]}",
                "{'id':'/a','cmd':'x','healthChecks':["
                        + "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}",
                "{'id':'/a','cmd':'x','readinessChecks':[{'timeoutSeconds':0}]}",
                "{'id':'/a','cmd':'x','readinessChecks':[{'path':'ready'}]}",
                "{'id':'/a','cmd':'x','upgradeStrategy':{'minimumHealthCapacity':2}}",
                "{'id':'/a','cmd':'x','upgradeStrategy':{'atOnce':true}}",
                "{'id':'/a','cmd':'x','killSelection':'RANDOM'}",
                "{'id':'/a','cmd':'x','unreachableStrategy':{'inactiveAfterSeconds':-1}}",
                "{'id':'/a','cmd':'x','unreachableStrategy':{'after':1}}",
                "{'id':'/a','cmd':'x','portDefinitions':[{'protocol':'sctp'}]}",
                "{'id':'/a','cmd':'x','fetch':[{'uri':'http://a/b','destPath':'/c'}]}",
                "{'id':'/a','cmd':'x','executor':'/bin/other'}",
                "{'id':'/a','cmd':'x','secrets':{'a':{'source':'b'}}}",
                "{'id':'/a','cmd':'x','ipAddress':{'networkName':'dev'}}",
                "{'id':'/a','cmd':'x','check':{'exec':{'command':{'shell':'true'}}}}",
                "{'id':'/a','cmd':'x','resourceLimits':{'disk':7}}",
                "{'id':'/a','cmd':'x','dependencies':[7]}",
            })
    void refusesWhatTheReaderRefuses(String written) throws IOException {
        JsonNode app = JSON.readTree(written.replace('\'', '"'));

        assertThat(AppReader.read(app)).as("the reader").isInstanceOf(Answer.Refused.class);
        assertThat(SCHEMA.validate(app)).as("the schema").isNotEmpty();
    }

    @Test
    void speaksOfEachFieldThatTheReaderKnows() throws IOException {
        List<String> fields = new ArrayList<>();
        schema().get("properties").fieldNames().forEachRemaining(fields::add);

        assertThat(fields).containsExactlyInAnyOrderElementsOf(AppReader.fields());
        assertThat(fields).allSatisfy(field -> assertThat(AppReader.effect(field))
                .doesNotContain("not a field")
                .doesNotContain("part of answers"));
    }

    private static JsonNode schema() throws IOException {
        return JSON.readTree(AppReader.class.getResourceAsStream("app.schema.json"));
    }

    @Test
    void takesADefinitionThatSaysAllThatCanBeSaid() throws IOException {
        JsonNode app = JSON.readTree("""
                {"id": "/shop/web", "cmd": "exec ./web", "cpus": 0.5, "mem": 64, "disk": 10, "instances": 2,
                 "user": "nobody", "env": {"A": "b"}, "labels": {"tier": "front"},
                 "constraints": [["hostname", "UNIQUE"], ["rack", "MAX_PER", "2"], ["@zone", "LIKE", "z.*"]],
                 "acceptedResourceRoles": ["*"], "role": "web", "tty": false, "residency": null,
                 "resourceLimits": {"cpus": "unlimited", "mem": 128},
                 "fetch": [{"uri": "http://a/b.tgz", "extract": true, "executable": false, "cache": true}],
                 "networks": [{"mode": "host"}], "requirePorts": true,
                 "portDefinitions": [{"port": 31000, "protocol": "tcp", "name": "http-api", "labels": {"VIP_0": "/web:80"}}],
                 "healthChecks": [{"protocol": "HTTP", "path": "/health", "portIndex": 0, "gracePeriodSeconds": 5,
                   "intervalSeconds": 10, "timeoutSeconds": 2, "delaySeconds": 1, "maxConsecutiveFailures": 3,
                   "ignoreHttp1xx": false, "ipProtocol": "IPv4"}],
                 "readinessChecks": [{"name": "ready", "protocol": "HTTP", "path": "/ready", "portName": "http-api",
                   "intervalSeconds": 30, "timeoutSeconds": 5, "httpStatusCodesForReady": [200, 204],
                   "preserveLastResponse": true}],
                 "dependencies": ["../data", "/mail"], "backoffSeconds": 1, "backoffFactor": 2,
                 "maxLaunchDelaySeconds": 60, "taskKillGracePeriodSeconds": 5,
                 "upgradeStrategy": {"minimumHealthCapacity": 0.5, "maximumOverCapacity": 0.5},
                 "killSelection": "OLDEST_FIRST",
                 "unreachableStrategy": {"inactiveAfterSeconds": 60, "expungeAfterSeconds": 120},
                 "executor": "", "secrets": {}, "gpus": 0}
                """);

        assertThat(SCHEMA.validate(app)).isEmpty();
        assertThat(AppReader.read(app)).isInstanceOf(Answer.Ok.class);
    }
}
