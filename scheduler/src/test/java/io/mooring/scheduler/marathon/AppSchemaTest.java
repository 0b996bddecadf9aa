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
import java.util.List;
import java.util.stream.Stream;
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
            })
    void refusesWhatTheReaderRefuses(String written) throws IOException {
        JsonNode app = JSON.readTree(written.replace('\'', '"'));

        assertThat(AppReader.read(app)).as("the reader").isInstanceOf(Answer.Refused.class);
        assertThat(SCHEMA.validate(app)).as("the schema").isNotEmpty();
    }
}
