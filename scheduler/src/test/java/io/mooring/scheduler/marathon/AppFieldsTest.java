package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Field by field: what is taken, what is refused with which path, and in which words. JSON stands in single quotes here. */
class AppFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BRIDGE = "'container':{'docker':{'image':'a','network':'BRIDGE','portMappings':[%s]}}";

    private static Answer<AppReader.Read> read(String fields) throws Exception {
        StringBuilder app = new StringBuilder("{");
        if (!fields.contains("'id'")) {
            app.append("'id':'/web',");
        }
        if (!fields.contains("'cmd'") && !fields.contains("'args'")) {
            app.append("'cmd':'run',");
        }
        return AppReader.read(
                JSON.readTree(app.append(fields).append('}').toString().replace('\'', '"')));
    }

    private static AppReader.Read ok(String fields) throws Exception {
        Answer<AppReader.Read> answer = read(fields);
        assertThat(answer).as(fields).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<AppReader.Read>) answer).value();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    'id':'/Web'                                             | /id                         | is '/Web'
                    'id':'/shop/restart'                                    | /id                         | is '/shop/restart'
                    'id':'/shop/versions'                                   | /id                         | is '/shop/versions'
                    'id':'/shop/..'                                         | /id                         | is '/shop/..'
                    'cmd':'a','args':['b']                                  | /cmd                        | and 'args' are both set
                    'cmd':''                                                | /cmd                        | must not be an empty string
                    'cpus':0.0009                                           | /cpus                       | is 9.0E-4
                    'mem':-1                                                | /mem                        | is -1
                    'disk':-1                                               | /disk                       | is -1
                    'gpus':1                                                | /gpus                       | is set
                    'instances':-1                                          | /instances                  | is -1
                    'resourceLimits':{'cpus':0.5}                           | /resourceLimits/cpus        | is 0.5
                    'resourceLimits':{'disk':1}                             | /resourceLimits/disk        | is not known
                    'env':{'A':{'secret':'b'}}                              | /env/A                      | is no plain value
                    'fetch':[{'uri':''}]                                    | /fetch(0)/uri               | is empty
                    'fetch':[{'cache':true}]                                | /fetch(0)/uri               | is missing
                    'fetch':[{'uri':'a b'}]                                 | /fetch(0)/uri               | URI has invalid syntax.
                    'fetch':[{'uri':'a'}],'uris':['b']                      | /uris                       | cannot specify both uris and fetch fields
                    'constraints':[['rack']]                                | /constraints(0)             | is ["rack"]
                    'constraints':[['','UNIQUE']]                           | /constraints(0)             | missing field for constraint declaration
                    'constraints':[['rack','NEAR']]                         | /constraints(0)             | has the operator "NEAR"
                    'constraints':[['rack','UNIQUE','a']]                   | /constraints(0)             | is ["rack","UNIQUE","a"]
                    'constraints':[['rack','GROUP_BY','a']]                 | /constraints(0)             | is ["rack","GROUP_BY","a"]
                    'constraints':[['rack','MAX_PER']]                      | /constraints(0)             | is ["rack","MAX_PER"]
                    'constraints':[['rack','LIKE','(']]                     | /constraints(0)             | is ["rack","LIKE","("]
                    'constraints':[['rack','UNLIKE']]                       | /constraints(0)             | is ["rack","UNLIKE"]
                    'constraints':[['rack','IS','a b']]                     | /constraints(0)             | is ["rack","IS","a b"]
                    'acceptedResourceRoles':[]                              | /acceptedResourceRoles      | is empty
                    'container':{'type':'MESOS','docker':{'image':'a'}}     | /container/type             | is MESOS
                    'container':{'docker':{'image':'a','credential':{}}}    | /container/docker/credential | is not known
                    'container':{'docker':{'image':'a','network':'USER'}}   | /container/docker/network   | is USER
                    'container':{'docker':{'image':'a','network':'HOST'}},'networks':[{'mode':'host'}] | /container/docker/network | and 'networks' are both set
                    'container':{'docker':{'image':'a'},'portMappings':[{}]} | /container/portMappings    | is set
                    'container':{'docker':{'image':'a','network':'BRIDGE','portMappings':[{}]},'portMappings':[{}]} | /container/portMappings | cannot specify both portMappings and docker.portMappings
                    'container':{'docker':{'image':'a','network':'BRIDGE'},'portMappings':[{'name':'a'},{'name':'a'}]} | /container/portMappings(1)/name | Port names must be unique.
                    'container':{'docker':{'image':'a','network':'BRIDGE'},'portMappings':[{'protocol':'sctp'}]} | /container/portMappings(0)/protocol | is sctp
                    'networks':[{'mode':'container','name':'dev'}]          | /networks(0)/mode           | is container
                    'networks':[{'mode':'host'},{'mode':'host'}]            | /networks                   | has 2 networks
                    'networks':[{'mode':'host','name':'dev'}]               | /networks(0)/name           | Host networks may not have names or labels
                    'networks':[{'mode':'host','labels':{'a':'b'}}]         | /networks(0)/labels         | Host networks may not have names or labels
                    'networks':[{'mode':'container/bridge','name':'b'}],'container':{'docker':{'image':'a'}} | /networks(0)/name | Bridge networks may not have names
                    'ports':[80,80]                                         | /ports                      | Ports must be unique.
                    'ports':[80],'portDefinitions':[{'port':81}]            | /ports                      | cannot specify both ports and port definitions
                    'portDefinitions':[{'port':80},{'port':80}]             | /portDefinitions            | Ports must be unique.
                    'portDefinitions':[{'name':'a'},{'name':'a'}]           | /portDefinitions(1)/name    | Port names must be unique.
                    'portDefinitions':[{'name':'A=B'}]                      | /portDefinitions(0)/name    | is no name of a port
                    'portDefinitions':[{'protocol':'sctp'}]                 | /portDefinitions(0)/protocol | is sctp
                    'healthChecks':[{'protocol':'MESOS_TCP'},{'protocol':'MESOS_HTTP'}] | /healthChecks   | AppDefinition can contain at most one Mesos health check
                    'healthChecks':[{'port':1,'portIndex':0}]               | /healthChecks(0)/port       | HealthCheck must specify either a port or a portIndex
                    'healthChecks':[{'portIndex':1}]                        | /healthChecks(0)/portIndex  | Health check port indices must address an element of the ports array or container port mappings.
                    'check':{'tcp':{}}                                      | /check                      | is set
                    'readinessChecks':[{}]                                  | /readinessChecks(0)/portName | No port definition reference for portName http-api
                    'portDefinitions':[{'name':'http-api'}],'readinessChecks':[{},{}] | /readinessChecks  | has 2 checks
                    'portDefinitions':[{'name':'http-api'}],'readinessChecks':[{'timeoutSeconds':30}] | /readinessChecks(0)/timeoutSeconds | is 30
                    'dependencies':['../../x']                              | /dependencies(0)            | is '../../x'
                    'backoffSeconds':-1                                     | /backoffSeconds             | is -1
                    'backoffFactor':0.9                                     | /backoffFactor              | is 0.9
                    'maxLaunchDelaySeconds':-1                              | /maxLaunchDelaySeconds      | is -1
                    'upgradeStrategy':{'minimumHealthCapacity':1.1}         | /upgradeStrategy/minimumHealthCapacity | is 1.1
                    'upgradeStrategy':{'maximumOverCapacity':-0.1}          | /upgradeStrategy/maximumOverCapacity | is -0.1
                    'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}        | /upgradeStrategy            | leaves room for a second task, and the label MARATHON_SINGLE_INSTANCE_APP is true
                    'killSelection':'ANY'                                   | /killSelection              | is ANY
                    'unreachableStrategy':{'inactiveAfterSeconds':2,'expungeAfterSeconds':1} | /unreachableStrategy/inactiveAfterSeconds | is 2, more than expungeAfterSeconds, which is 1
                    'taskKillGracePeriodSeconds':-1                         | /taskKillGracePeriodSeconds | is -1
                    'executor':'/opt/mine'                                  | /executor                   | is set
                    'secrets':{'a':{'source':'b'}}                          | /secrets                    | is set
                    'ipAddress':{'networkName':'a'}                         | /ipAddress                  | is set
                    """)
    void refusesWhatBreaksARule(String fields, String path, String what) throws Exception {
        Answer<AppReader.Read> answer = read(fields);

        assertThat(answer).isInstanceOf(Answer.Refused.class);
        List<FieldError> errors = ((Answer.Refused<AppReader.Read>) answer).errors();
        assertThat(errors).extracting(FieldError::path).containsExactly(path);
        assertThat(errors.get(0).what()).isEqualTo(what);
        assertThat(errors.get(0).expected()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    web,            /web
                    /web,           /web
                    /web/,          /web
                    /shop//web,     /shop/web
                    shop/web,       /shop/web
                    /shop/../web,   /web
                    /shop/./web,    /shop/web
                    /a.b/c-d.e0,    /a.b/c-d.e0
                    """)
    void makesIdsAbsolute(String written, String id) throws Exception {
        AppReader.Read read = ok("'id':'" + written + "'");

        assertThat(read.draft().id().path()).isEqualTo(id);
        assertThat(JSON.readTree(read.draft().source()).get("id").textValue()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    'args':['a','b']
                    'cpus':0.001,'mem':0,'disk':0,'instances':0
                    'resourceLimits':{'cpus':'unlimited','mem':128}
                    'constraints':[['rack','CLUSTER'],['rack','cluster','a'],['@region','GROUP_BY'],['@zone','group_by','2']]
                    'constraints':[['hostname','UNIQUE'],['@hostname','UNLIKE','a.*'],['rack','IS','a/b-1.0_c']]
                    'acceptedResourceRoles':['*']
                    'container':{'type':'MESOS','volumes':[]}
                    'networks':[],'portDefinitions':[]
                    'ports':[80],'portDefinitions':[{'port':80}]
                    'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},'upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':0}
                    'unreachableStrategy':'disabled'
                    'executor':'','gpus':0,'secrets':{},'ipAddress':null
                    'tty':true
                    'residency':{'taskLostBehavior':'WAIT_FOREVER'}
                    'version':'2014-03-01T23:42:20.938Z'
                    """)
    void takesWhatMarathonTakes(String fields) throws Exception {
        assertThat(ok(fields).draft()).isNotNull();
    }

    @Test
    void namesWhatHasNoEffect() throws Exception {
        assertThat(ok("'tty':true,'residency':{},'executor':'//cmd'").notes())
                .hasSize(3)
                .allSatisfy(note -> assertThat(note).containsAnyOf("'tty'", "'residency'", "'executor'"));
    }

    @Test
    void declaredPortsOfABridgeAreMoreMappings() throws Exception {
        AppReader.Read read = ok(String.format(BRIDGE, "{'containerPort':80}") + ",'ports':[10000,10001]");

        assertThat(read.draft().definition().container().orElseThrow().ports()).hasSize(2);
        assertThat(read.draft().definition().ports()).hasSize(2);
        assertThat(read.notes()).anySatisfy(note -> assertThat(note).contains("'ports' only says how many"));
        assertThat(ok(String.format(BRIDGE, "{},{}") + ",'portDefinitions':[{'port':80}]")
                        .draft()
                        .definition()
                        .ports())
                .hasSize(2);
    }

    @Test
    void decidesByTheNameWhatIsExtracted() throws Exception {
        List<String> archives = List.of("tgz", "tar.gz", "tbz2", "tar.bz2", "txz", "tar.xz", "zip");
        List<String> uris = new ArrayList<>(
                archives.stream().map(end -> "'http://x/a." + end + "'").toList());
        uris.add("'http://x/a.tar'");

        assertThat(ok("'uris':[" + String.join(",", uris) + "]")
                        .draft()
                        .definition()
                        .fetch())
                .extracting(fetch -> fetch.extract() && !fetch.executable() && !fetch.cache())
                .containsExactly(true, true, true, true, true, true, true, false);
    }

    @Test
    void writesWholeNumbersAsMarathonDoes() throws Exception {
        JsonNode source = JSON.readTree(
                ok("'cpus':2,'mem':64.5,'backoffSeconds':3").draft().source());

        assertThat(source.get("cpus").toString()).isEqualTo("2");
        assertThat(source.get("mem").toString()).isEqualTo("64.5");
        assertThat(source.get("backoffSeconds").toString()).isEqualTo("3");
        assertThat(source.get("maxLaunchDelaySeconds").toString()).isEqualTo("300");
    }
}
