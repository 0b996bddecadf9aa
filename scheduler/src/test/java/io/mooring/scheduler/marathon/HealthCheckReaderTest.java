package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.health.Probe;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.AppHealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code healthChecks} may say. JSON stands in single quotes here. */
class HealthCheckReaderTest {
    private static Answer<AppReader.Read> read(String check, String more) throws Exception {
        String json = "{'id':'/web','cmd':'run','healthChecks':[" + check + "]" + more + "}";
        return AppReader.read(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    private static AppHealthCheck check(String check) throws Exception {
        return ((Answer.Ok<AppReader.Read>) read(check, ",'ports':[0,0]"))
                .value()
                .draft()
                .definition()
                .upkeep()
                .health()
                .orElseThrow();
    }

    @Test
    void fillsMarathonsDefaultsIn() throws Exception {
        AppHealthCheck check = check("{}");

        assertThat(check.protocol()).isEqualTo(AppHealthCheck.Protocol.HTTP);
        assertThat(check.of(List.of(31000, 31001)).probe())
                .isEqualTo(new Probe.Http("http", Probe.Family.IPV4, 31000, "/"));
        assertThat(check.grace()).isEqualTo(Duration.ofMinutes(5));
        assertThat(check.rhythm().interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(check.rhythm().timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(check.rhythm().delay()).isEqualTo(Duration.ofSeconds(15));
        assertThat(check.of(List.of(1)).rules().consecutiveFailures()).isEqualTo(3);
    }

    @Test
    void asksByEveryProtocol() throws Exception {
        List<Integer> ports = List.of(31000, 31001);

        assertThat(check("{'protocol':'HTTPS','path':'/up','portIndex':1}")
                        .of(ports)
                        .probe())
                .isEqualTo(new Probe.Http("https", Probe.Family.IPV4, 31001, "/up"));
        assertThat(check("{'protocol':'MESOS_HTTPS','port':8443}").of(ports).probe())
                .isEqualTo(new Probe.Http("https", Probe.Family.IPV4, 8443, "/"));
        assertThat(check("{'protocol':'MESOS_HTTP','ipProtocol':'IPv6'}")
                        .of(ports)
                        .probe())
                .isEqualTo(new Probe.Http("http", Probe.Family.IPV6, 31000, "/"));
        assertThat(check("{'path':'up'}").of(ports).probe())
                .isEqualTo(new Probe.Http("http", Probe.Family.IPV4, 31000, "/up"));
        for (String tcp : List.of("TCP", "MESOS_TCP")) {
            assertThat(check("{'protocol':'" + tcp + "'}").of(ports).probe())
                    .isEqualTo(new Probe.Tcp(Probe.Family.IPV4, 31000));
        }
        Probe.Program program = (Probe.Program)
                check("{'protocol':'COMMAND','command':{'value':'test -f up'},'maxConsecutiveFailures':0}")
                        .of(ports)
                        .probe();
        assertThat(program.argv()).containsExactly("/bin/sh", "-c", "test -f up");
    }

    @Test
    void neverKillsWhereMarathonNeverWould() throws Exception {
        assertThat(check("{'maxConsecutiveFailures':0}").of(List.of(1)).rules().consecutiveFailures())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'protocol':'GOPHER'}                                  | /healthChecks(0)/protocol
                    {'portIndex':2}                                        | /healthChecks(0)/portIndex
                    {'port':80,'portIndex':0}                              | /healthChecks(0)/port
                    {'protocol':'COMMAND'}                                 | /healthChecks(0)/command
                    {'protocol':'TCP','command':{'value':'x'}}             | /healthChecks(0)/command
                    {'gracePeriodSeconds':-1}                              | /healthChecks(0)/gracePeriodSeconds
                    {'intervalSeconds':1.5}                                | /healthChecks(0)/intervalSeconds
                    {'ipProtocol':'IPX'}                                   | /healthChecks(0)/ipProtocol
                    {'colour':'red'}                                       | /healthChecks(0)/colour
                    {'protocol':'MESOS_HTTP'},{'protocol':'MESOS_TCP'}     | /healthChecks
                    """)
    void refusesWhatCannotBeAsked(String check, String path) throws Exception {
        Answer<AppReader.Read> answer = read(check.replace("''", "'"), ",'ports':[0,0]");

        assertThat(answer).isInstanceOf(Answer.Refused.class);
        assertThat(((Answer.Refused<AppReader.Read>) answer).errors())
                .extracting(FieldError::path)
                .containsExactly(path);
    }

    @Test
    void takesAsManyAsMarathonDoesInTheirOrder() throws Exception {
        String checks = "{'protocol':'HTTP'},{'protocol':'MESOS_TCP','portIndex':1},{'protocol':'TCP'},"
                + "{'protocol':'COMMAND','command':{'value':'a'}},{'protocol':'COMMAND','command':{'value':'b'}}";

        var upkeep = ((Answer.Ok<AppReader.Read>) read(checks + ",{'protocol':'HTTP'}", ",'ports':[0,0]"))
                .value()
                .draft()
                .definition()
                .upkeep();

        assertThat(upkeep.healthChecks())
                .as("one that stands there twice is one")
                .extracting(AppHealthCheck::protocol)
                .extracting(Enum::name)
                .containsExactly("HTTP", "MESOS_TCP", "TCP", "COMMAND", "COMMAND");
    }

    @Test
    void needsAPortToAsk() throws Exception {
        Answer<AppReader.Read> answer = read("{}", ",'ports':[]");

        assertThat(((Answer.Refused<AppReader.Read>) answer).errors().get(0).what())
                .startsWith("Health check port indices must address an element of the ports array");
    }

    @Test
    void refusesACheckBesideItBecauseNoExecutorPerformsIt() throws Exception {
        Answer<AppReader.Read> answer = read("", ",'check':{'tcp':{}}");

        assertThat(((Answer.Refused<AppReader.Read>) answer).errors())
                .extracting(FieldError::path)
                .containsExactly("/check");
    }
}
