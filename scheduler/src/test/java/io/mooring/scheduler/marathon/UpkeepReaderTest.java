package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.KillSelection;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.UpgradeStrategy;
import io.mooring.scheduler.definition.Upkeep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an app may say of how its tasks are looked after and replaced. JSON stands in single quotes here. */
class UpkeepReaderTest {
    private static final String VOLUME = "'env':{'DVDI_VOLUME_NAME':'data'}";

    private static Answer<AppReader.Read> read(String fields) throws Exception {
        String json = "{'id':'/shop/web','cmd':'run'" + (fields.isEmpty() ? "" : "," + fields) + "}";
        return AppReader.read(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    private static AppReader.Read ok(String fields) throws Exception {
        Answer<AppReader.Read> answer = read(fields);
        assertThat(answer).as(fields).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<AppReader.Read>) answer).value();
    }

    private static Upkeep upkeep(String fields) throws Exception {
        return ok(fields).draft().definition().upkeep();
    }

    @Test
    void fillsMarathonsDefaultsIn() throws Exception {
        assertThat(upkeep("")).isEqualTo(Upkeep.USUAL);
        assertThat(upkeep("'upgradeStrategy':{'minimumHealthCapacity':1,'maximumOverCapacity':1}"))
                .as("what is usual, said")
                .isEqualTo(Upkeep.USUAL);
        assertThat(upkeep("'upgradeStrategy':{'maximumOverCapacity':0.2}").upgrade())
                .contains(new UpgradeStrategy(1, 0.2));
        assertThat(upkeep(VOLUME + ",'upgradeStrategy':{'minimumHealthCapacity':0}")
                        .upgrade())
                .contains(new UpgradeStrategy(0, 0));
        ReadinessCheck check = upkeep(
                        "'portDefinitions':[{'port':0},{'port':0,'name':'http-api'}],'readinessChecks':[{}]")
                .readiness()
                .orElseThrow();
        assertThat(check)
                .isEqualTo(new ReadinessCheck(
                        "readinessCheck",
                        "http",
                        "/",
                        1,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        List.of(200),
                        ReadinessCheck.Response.DROPPED));
    }

    @Test
    void takesWhatIsSaid() throws Exception {
        assertThat(upkeep("'killSelection':'OLDEST_FIRST'").killSelection()).isEqualTo(KillSelection.OLDEST_FIRST);
        assertThat(upkeep("'dependencies':['db','../mail','/users']").dependencies())
                .containsExactly("/shop/db", "/mail", "/users");
        assertThat(upkeep("'unreachableStrategy':'disabled'").unreachable()).isEqualTo(Unreachable.NEVER);
        assertThat(upkeep("'unreachableStrategy':{'inactiveAfterSeconds':60,'expungeAfterSeconds':120}")
                        .unreachable())
                .isEqualTo(new Unreachable(Optional.of(Duration.ofMinutes(1)), Optional.of(Duration.ofMinutes(2))));
    }

    @Test
    void saysWhereAVolumeComesFirst() throws Exception {
        assertThat(ok(VOLUME + ",'unreachableStrategy':{'inactiveAfterSeconds':60,'expungeAfterSeconds':60}")
                        .notes())
                .anySatisfy(note -> assertThat(note).contains("'unreachableStrategy'", "evidence"));
        assertThat(ok(VOLUME + ",'upgradeStrategy':{'minimumHealthCapacity':1}").notes())
                .anySatisfy(note -> assertThat(note).contains("minimumHealthCapacity"));
    }

    @Test
    void takesPortsInBothFormsWhenTheySayTheSame() throws Exception {
        Definition definition = ok("'ports':[80,0],'requirePorts':true,"
                        + "'portDefinitions':[{'port':80,'name':'http','protocol':'tcp','labels':{'k':'v'}},{'port':0}]")
                .draft()
                .definition();

        assertThat(definition.ports())
                .containsExactly(
                        new Definition.PortRequest(80, Optional.of("http")),
                        new Definition.PortRequest(0, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    'upgradeStrategy':{'minimumHealthCapacity':1.1}           | /upgradeStrategy/minimumHealthCapacity
                    'upgradeStrategy':{'maximumOverCapacity':-1}              | /upgradeStrategy/maximumOverCapacity
                    'env':{'DVDI_VOLUME_NAME':'data'},'upgradeStrategy':{'maximumOverCapacity':1} | /upgradeStrategy/maximumOverCapacity
                    'killSelection':'ANY'                                     | /killSelection
                    'dependencies':['A!']                                     | /dependencies(0)
                    'dependencies':['../../../x']                             | /dependencies(0)
                    'unreachableStrategy':{'inactiveAfterSeconds':2,'expungeAfterSeconds':1} | /unreachableStrategy/inactiveAfterSeconds
                    'readinessChecks':[{}]                                    | /readinessChecks(0)/portName
                    'portDefinitions':[{'name':'http-api'}],'readinessChecks':[{'timeoutSeconds':30}] | /readinessChecks(0)/timeoutSeconds
                    'portDefinitions':[{'name':'http-api'}],'readinessChecks':[{'httpStatusCodesForReady':[]}] | /readinessChecks(0)/httpStatusCodesForReady
                    'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}          | /upgradeStrategy
                    'instances':2,'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},'upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':0} | /instances
                    'ports':[80],'portDefinitions':[{'port':81}]              | /ports
                    'ports':[80,80]                                           | /ports
                    'portDefinitions':[{'name':'a'},{'name':'a'}]             | /portDefinitions(1)/name
                    'portDefinitions':[{'protocol':'sctp'}]                   | /portDefinitions(0)/protocol
                    'fetch':[{'uri':'http://x/y','destPath':'../z'}]          | /fetch(0)/destPath
                    'fetch':[{'uri':'http://x/y'}],'uris':['http://x/z']      | /uris
                    'resourceLimits':{'mem':1}                                | /resourceLimits/mem
                    'resourceLimits':{'cpus':'many'}                          | /resourceLimits/cpus
                    'secrets':{'a':{'source':'b'}}                            | /secrets
                    'gpus':1                                                  | /gpus
                    """)
    void refusesWhatCannotBe(String fields, String path) throws Exception {
        Answer<AppReader.Read> answer = read(fields);

        assertThat(answer).as(fields).isInstanceOf(Answer.Refused.class);
        assertThat(((Answer.Refused<AppReader.Read>) answer).errors())
                .extracting(FieldError::path)
                .containsExactly(path);
    }
}
