package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.definition.VolumeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app may say, in which words, and what each refusal tells. JSON stands in single quotes here. */
class AppReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Answer<AppReader.Read> read(String json) {
        try {
            return AppReader.read(JSON.readTree(json.replace('\'', '"')));
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static AppReader.Read ok(String json) {
        Answer<AppReader.Read> answer = read(json);
        assertThat(answer).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<AppReader.Read>) answer).value();
    }

    private static Definition definition(String fields) {
        return ok("{'id':'/web','cmd':'run'" + (fields.isEmpty() ? "" : "," + fields) + "}")
                .draft()
                .definition();
    }

    private static VolumeSpec volume(String fields) {
        List<VolumeSpec> volumes = definition(fields).volumes();
        assertThat(volumes).hasSize(1);
        return volumes.get(0);
    }

    private static List<FieldError> errors(String fields) {
        return wholeErrors("{'id':'/web','cmd':'run'," + fields + "}");
    }

    private static List<FieldError> wholeErrors(String json) {
        Answer<AppReader.Read> answer = read(json);
        assertThat(answer).as(json).isInstanceOf(Answer.Refused.class);
        Answer.Refused<AppReader.Read> refused = (Answer.Refused<AppReader.Read>) answer;
        assertThat(refused.why()).isEqualTo(Answer.Why.INVALID);
        assertThat(refused.errors()).isNotEmpty().allSatisfy(error -> {
            assertThat(error.path()).as("where").startsWith("/");
            assertThat(error.what()).as("what").isNotBlank();
            assertThat(error.expected()).as("what would be right").isNotBlank();
        });
        return refused.errors();
    }

    private static void refused(String fields, String path) {
        assertThat(errors(fields)).as(fields).extracting(FieldError::path).containsExactly(path);
    }

    @Test
    void readsThePublishedExampleVerbatim() throws IOException {
        JsonNode example;
        try (InputStream file = AppReaderTest.class.getResourceAsStream("/marathon/hello-play.json")) {
            example = JSON.readTree(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }

        AppReader.Read read = ((Answer.Ok<AppReader.Read>) AppReader.read(example)).value();

        assertThat(read.notes()).isEmpty();
        assertThat(read.draft().id().path()).isEqualTo("/hello-play");
        assertThat(read.draft().instances()).isEqualTo(1);
        Definition definition = read.draft().definition();
        assertThat(definition.resources()).isEqualTo(new Resources(0.1, 32, 0));
        assertThat(definition.command()).hasValueSatisfying(cmd -> assertThat(cmd)
                .isEqualTo("while [ true ] ; do touch /var/lib/rexray/volumes/test12345/hello ; sleep 5 ; done"));
        assertThat(definition.environment()).containsEntry("DVDI_VOLUME_NAME", "test12345");
        assertThat(definition.volumes())
                .containsExactly(new VolumeSpec(
                        new VolumeRequest(
                                new DriverName("rexray"),
                                new VolumeName("test12345"),
                                Map.of(
                                        "size", "5",
                                        "iops", "150",
                                        "volumetype", "io1",
                                        "newfstype", "xfs",
                                        "overwritefs", "true"),
                                Optional.empty(),
                                MountMode.READ_WRITE,
                                AccessMode.SINGLE_WRITER,
                                CreatePolicy.IF_MISSING),
                        TakeoverPolicy.EVIDENCE,
                        ReclaimPolicy.RETAIN));
    }

    @Test
    void readsVariablesAndExternalVolumesAsTheSameRequest() {
        VolumeSpec variables = volume(
                "'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'size=20,newfstype=xfs','DVDI_VOLUME_CONTAINERPATH':'/tmp/orders'}");
        VolumeSpec external = volume("""
                'container':{'type':'MESOS','volumes':[{'containerPath':'/tmp/orders','mode':'RW','external':
                {'name':'orders-db','provider':'dvdi','size':20,'options':{'dvdi/driver':'rexray','dvdi/newfstype':'xfs'}}}]},
                'upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':0}
                """);

        assertThat(external).isEqualTo(variables);
        assertThat(variables.request().driver().value()).isEqualTo("rexray");
        assertThat(variables.request().options()).isEqualTo(Map.of("size", "20", "newfstype", "xfs"));
        assertThat(variables.request().containerPath()).contains("/tmp/orders");
    }

    @Test
    void refusesAVariableThatIsNoneOfTheModules() {
        for (String name : List.of(
                "DVDI_VOLUME_NAME10", "DVDI_VOLUME_NAMES", "DVDI_VOLUME_NAME_1", "DVDI_NAME", "DVDI_VOLUME_SIZE")) {
            refused("'env':{'" + name + "':'x1'}", "/env/" + name);
        }
    }

    @Test
    void refusesToChooseAProgramThatRunsAsRoot() {
        refused("'env':{'DVDI_VOLUME_DVDCLI':'/tmp/evil'}", "/env/DVDI_VOLUME_DVDCLI");
        refused("'env':{'DVDI_VOLUME_DVDCLI3':'/tmp/evil'}", "/env/DVDI_VOLUME_DVDCLI3");
    }

    @Test
    void refusesARelativePathInAVariable() {
        refused(
                "'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_CONTAINERPATH':'data'}",
                "/env/DVDI_VOLUME_CONTAINERPATH");
    }

    @Test
    void takesARelativePathOfAnExternalVolume() {
        assertThat(volume(external("'data'", "'rexray'")).request().containerPath())
                .contains("data");
    }

    @Test
    void mergesAVolumeThatIsNamedTwiceWithoutAPath() {
        VolumeSpec volume = volume("'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_NAME1':'orders-db'}");

        assertThat(volume.request().name().value()).isEqualTo("orders-db");
    }

    @Test
    void refusesAVolumeThatIsNamedTwiceWithAPath() {
        List<FieldError> errors = errors(
                "'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_NAME1':'Orders-DB','DVDI_VOLUME_CONTAINERPATH1':'/x'}");

        assertThat(errors.get(0).what()).contains("declared more than once within app");
    }

    @Test
    void takesTheSlotWithoutADigitAndSlotZeroForOne() {
        VolumeSpec volume = volume("'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_DRIVER0':'loop'}");

        assertThat(volume.request().driver().value()).isEqualTo("loop");
    }

    @Test
    void readsTenSlotsInTheirOrder() {
        StringBuilder env = new StringBuilder("'env':{");
        for (int i = 9; i >= 1; i--) {
            env.append("'DVDI_VOLUME_NAME")
                    .append(i)
                    .append("':'volume-")
                    .append(i)
                    .append("',");
        }
        env.append("'DVDI_VOLUME_NAME':'volume-0'}");

        assertThat(definition(env.toString()).volumes())
                .extracting(spec -> spec.request().name().value())
                .containsExactly(
                        "volume-0",
                        "volume-1",
                        "volume-2",
                        "volume-3",
                        "volume-4",
                        "volume-5",
                        "volume-6",
                        "volume-7",
                        "volume-8",
                        "volume-9");
    }

    @Test
    void takesASlotWithoutANameForNoVolume() {
        assertThat(definition("'env':{'DVDI_VOLUME_DRIVER3':'loop','DVDI_VOLUME_OPTS3':'size=1'}")
                        .volumes())
                .isEmpty();
    }

    @Test
    void leavesCreationToOthersWhenItIsExplicit() {
        assertThat(volume("'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_EXPLICITCREATE':' TRUE '}")
                        .request()
                        .create())
                .isEqualTo(CreatePolicy.NEVER);
    }

    @Test
    void readsAVolumeThatIsOnlyRead() {
        VolumeSpec spec = volume(external("'/x'", "'rexray'").replace("'containerPath'", "'mode':'RO','containerPath'")
                + ",'labels':{'mooring/orders-db/access':'many-readers'}");

        assertThat(spec.request().mode()).isEqualTo(MountMode.READ_ONLY);
        assertThat(spec.request().access()).isEqualTo(AccessMode.MANY_READERS);
    }

    @Test
    void readsAVolumeForEachInstance() {
        VolumeSpec spec =
                volume("'env':{'DVDI_VOLUME_NAME':'data-{index}'},'labels':{'mooring/data-{index}/takeover':'manual'}");

        assertThat(spec.request().name().value()).isEqualTo("data-0");
        assertThat(spec.of(12).request().name().value()).isEqualTo("data-12");
        assertThat(spec.of(12).takeover()).isEqualTo(TakeoverPolicy.MANUAL);
        assertThat(errors("'env':{'DVDI_VOLUME_NAME':'{index}-{index}'}")).hasSize(1);
    }

    @Test
    void refusesMoreThanOneInstanceOverCapacity() {
        List<FieldError> errors = errors(external("'/x'", "'rexray'")
                + ",'upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':1}");

        assertThat(errors).extracting(FieldError::path).containsExactly("/upgradeStrategy/maximumOverCapacity");
    }

    @Test
    void refusesAnOptionWithoutItsProvider() {
        List<FieldError> errors = errors(
                "'container':{'type':'MESOS','volumes':[{'containerPath':'/x','mode':'RW','external':{'name':'orders-db','provider':'dvdi','options':{'dvdi/driver':'rexray','size':'5'}}}]}");

        assertThat(errors).extracting(FieldError::path).containsExactly("/container/volumes(0)/external/options/size");
    }

    @Test
    void refusesADriverThatIsAPath() {
        List<FieldError> errors = errors(external("'/x'", "'rexray/ebs'"));

        assertThat(errors)
                .extracting(FieldError::path)
                .containsExactly("/container/volumes(0)/external/options/dvdi/driver");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "/etc", "a/b", ".hidden", "-rf", "x", "a b", "a;b", "$(reboot)", "\\u0000ab", "\u00fcber"
            })
    void refusesANameThatCouldBeAPathOrACommand(String name) {
        refused("'env':{'DVDI_VOLUME_NAME':'" + name + "'}", "/env/DVDI_VOLUME_NAME");
        assertThat(errors(external("'/x'", "'rexray'").replace("orders-db", name)))
                .extracting(FieldError::path)
                .containsExactly("/container/volumes(0)/external/name");
    }

    @Test
    void refusesANameThatIsTooLong() {
        refused("'env':{'DVDI_VOLUME_NAME':'" + "x".repeat(129) + "'}", "/env/DVDI_VOLUME_NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "abc", "1.5", "99999999999999999999", "16385", "5GB", "0x10", "", "+5"})
    void refusesASizeThatIsNone(String size) {
        refused(
                "'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'size=" + size + "'}",
                "/env/DVDI_VOLUME_OPTS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "'5'", "1.5", "99999999999999999999", "16385"})
    void refusesAnExternalSizeThatIsNone(String size) {
        List<FieldError> errors =
                errors(external("'/x'", "'rexray'").replace("'provider'", "'size':" + size + ",'provider'"));

        assertThat(errors).extracting(FieldError::path).contains("/container/volumes(0)/external/size");
    }

    @ParameterizedTest
    @CsvSource({"iops=-1", "iops=many", "newfstype=ntfs", "overwritefs=maybe", "encrypted=1", "nonsense", "=5"})
    void refusesAnOptionThatMeansNothing(String option) {
        refused("'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'" + option + "'}", "/env/DVDI_VOLUME_OPTS");
    }

    @Test
    void takesOptionsInAnyCaseAndUnknownOnesAsTheyAre() {
        VolumeSpec volume = volume(
                "'env':{'DVDI_VOLUME_NAME':'orders-db','DVDI_VOLUME_OPTS':'Size=5,newFsType=xfs,type=io1,,vendor=x'}");

        assertThat(volume.request().options())
                .isEqualTo(Map.of("size", "5", "newfstype", "xfs", "volumetype", "io1", "vendor", "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/proc", "/sys/", "/dev", "/a/../b", "..", ".", ""})
    void refusesAPathThatWouldHideTheMachine(String path) {
        assertThat(errors(external("'" + path + "'", "'rexray'")))
                .extracting(FieldError::path)
                .containsExactly("/container/volumes(0)/containerPath");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/1", "/sys/fs", "/dev/shm", "/./proc", "/proc/."})
    void refusesAPathBelowWhatTheKernelShows(String path) {
        assertThat(errors(external("'" + path + "'", "'rexray'")))
                .extracting(FieldError::path)
                .containsExactly("/container/volumes(0)/containerPath");
    }

    @Test
    void refusesTwoVolumesAtOnePath() {
        List<FieldError> errors = errors("""
                'env':{'DVDI_VOLUME_NAME':'one-db','DVDI_VOLUME_CONTAINERPATH':'/data',
                'DVDI_VOLUME_NAME1':'two-db','DVDI_VOLUME_CONTAINERPATH1':'/data/'}
                """);

        assertThat(errors.get(0).what()).contains("/data");
    }

    @Test
    void readsThePoliciesOfAVolume() {
        VolumeSpec volume = volume("""
                'env':{'DVDI_VOLUME_NAME':'Orders.DB'},
                'labels':{'mooring/orders.db/takeover':'manual','mooring/Orders.DB/reclaim':'delete',
                'mooring/Orders.DB/create':'never','mooring/Orders.DB/access':'single-writer','other':'x'}
                """);

        assertThat(volume.takeover()).isEqualTo(TakeoverPolicy.MANUAL);
        assertThat(volume.reclaim()).isEqualTo(ReclaimPolicy.DELETE);
        assertThat(volume.request().create()).isEqualTo(CreatePolicy.NEVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'mooring/orders-db/colour':'red'",
                "'mooring/orders-db/takeover':'sometimes'",
                "'mooring/orders-db/access':'many-wolves'",
                "'mooring/other/takeover':'manual'",
                "'mooring/orders-db':'x'",
                "'mooring/':'x'"
            })
    void refusesAPolicyThatMeansNothing(String label) {
        List<FieldError> errors = errors("'env':{'DVDI_VOLUME_NAME':'orders-db'},'labels':{" + label + "}");

        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).path()).startsWith("/labels/mooring/");
    }

    @Test
    void notesWhatHasNoEffectAndWhatIsNoField() {
        AppReader.Read read = ok(
                "{'id':'web','cmd':'run','residency':{},'executorResources':{'cpus':1},'colour':'red','version':'x','mooring':{'notes':['old']}}");

        assertThat(read.notes())
                .containsExactlyInAnyOrder(
                        "'residency' is accepted and has no effect here",
                        "'executorResources' is accepted and has no effect here",
                        "'colour' is not a field of an app and is ignored");
        assertThat(read.draft().source()).doesNotContain("\"mooring\"", "\"version\"");
        assertThat(ok("{'id':'web','cmd':'run','unreachableStrategy':'disabled','killSelection':'OLDEST_FIRST'}")
                        .notes())
                .as("these are in effect")
                .isEmpty();
    }

    @Test
    void refusesUnknownFieldsBelowTheContainer() {
        refused("'container':{'type':'MESOS','colour':'red'}", "/container/colour");
        List<FieldError> errors =
                errors(external("'/x'", "'rexray'").replace("'provider'", "'colour':'red','provider'"));
        assertThat(errors).extracting(FieldError::path).containsExactly("/container/volumes(0)/external/colour");
    }

    @Test
    void refusesFeaturesThatAreNotRunHere() {
        refused("'secrets':{'a':{'source':'b'}}", "/secrets");
        refused("'gpus':1", "/gpus");
        refused("'executor':'/x'", "/executor");
        refused("'networks':[{'mode':'container','name':'n'}]", "/networks(0)/mode");
        refused("'container':{'type':'DOCKER','docker':{}}", "/container/docker/image");
        assertThat(definition("'gpus':0,'executor':'','secrets':{},'networks':[{'mode':'host'}]"))
                .isNotNull();
    }

    @Test
    void refusesVolumesOfOtherKinds() {
        List<FieldError> errors = errors(
                "'container':{'type':'MESOS','volumes':[{'containerPath':'/x','mode':'RW','persistent':{'size':1}}]}");

        assertThat(errors)
                .extracting(FieldError::path)
                .contains("/container/volumes(0)/external", "/container/volumes(0)/persistent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/", "/a/..", "/a/b/.", "/A", "/a b", "/a/restart", "/tasks/", "", "/-a", "/a-"})
    void refusesAnIdThatIsNoPath(String id) {
        assertThat(wholeErrors("{'id':'" + id + "','cmd':'run'}"))
                .extracting(FieldError::path)
                .containsExactly("/id");
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        List<FieldError> errors = wholeErrors("{'cpus':'x','mem':-1,'instances':1.5,'env':{'A':{}},'ports':[70000]}");

        assertThat(errors)
                .extracting(FieldError::path)
                .contains("/id", "/cpus", "/mem", "/instances", "/env/A", "/ports(0)", "/cmd");
    }

    @Test
    void wantsOneOfCommandAndArguments() {
        assertThat(wholeErrors("{'id':'/web'}")).extracting(FieldError::path).containsExactly("/cmd");
        refused("'args':['x']", "/cmd");
        assertThat(wholeErrors("{'id':'/web','cmd':' '}"))
                .extracting(FieldError::path)
                .containsExactly("/cmd");
        assertThat(ok("{'id':'/web','args':['a','b']}").draft().definition().arguments())
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'cpus':0", "'cpus':-1", "'mem':-1", "'disk':-1", "'instances':-1", "'instances':100001"})
    void refusesAmountsOutOfRange(String field) {
        assertThat(errors(field)).hasSize(1);
    }

    @Test
    void refusesAmountsThatAreNoNumberOfThisWorld() {
        for (String field : List.of("'cpus':1e400", "'mem':1e300", "'disk':1e300", "'backoffSeconds':1e300")) {
            assertThat(errors(field)).as(field).hasSize(1);
        }
    }

    @Test
    void readsPortsInBothForms() {
        assertThat(definition("").ports()).containsExactly(new PortRequest(0, Optional.empty()));
        assertThat(definition("'ports':[]").ports()).isEmpty();
        assertThat(definition("'ports':[8080,0]").ports())
                .containsExactly(new PortRequest(0, Optional.empty(), 8080), new PortRequest(0, Optional.empty(), 0));
        assertThat(definition("'ports':[8080],'requirePorts':true").ports())
                .containsExactly(new PortRequest(8080, Optional.empty()));
        assertThat(definition("'portDefinitions':[{'port':80,'name':'http','protocol':'tcp'}],'requirePorts':true")
                        .ports())
                .containsExactly(new PortRequest(80, Optional.of("http")));
        refused("'ports':[1],'portDefinitions':[{'port':2}]", "/ports");
        refused("'ports':['x']", "/ports(0)");
        refused("'portDefinitions':[{'port':70000}]", "/portDefinitions(0)/port");
    }

    @Test
    void readsConstraints() {
        assertThat(definition("'constraints':[['rack','max_per','2'],['hostname','UNIQUE'],['@zone','LIKE','z.*']]")
                        .constraints())
                .containsExactly(
                        new Constraint("rack", Constraint.Operator.MAX_PER, Optional.of("2")),
                        new Constraint("hostname", Constraint.Operator.UNIQUE, Optional.empty()),
                        new Constraint("@zone", Constraint.Operator.LIKE, Optional.of("z.*")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['rack']",
                "'rack'",
                "['rack','NEAR','x']",
                "['rack','UNIQUE','x']",
                "['rack','MAX_PER']",
                "['rack','MAX_PER','many']",
                "['rack','GROUP_BY','x']",
                "['rack','LIKE']",
                "['rack','LIKE','(']",
                "['rack','IS','a b']",
                "['rack','IS']"
            })
    void refusesConstraintsThatMeanNothing(String constraint) {
        refused("'constraints':[" + constraint + "]", "/constraints(0)");
    }

    @Test
    void readsTheRest() {
        Definition definition = definition("""
                'user':'nobody','acceptedResourceRoles':['prod','*'],'backoffSeconds':2,'backoffFactor':3,
                'maxLaunchDelaySeconds':60,'taskKillGracePeriodSeconds':1.5,'env':{'N':5,'B':true},
                'uris':['http://x/a.tgz','http://x/b']
                """);

        assertThat(definition.user()).contains("nobody");
        assertThat(definition.acceptedRoles()).containsExactly("prod", "*");
        assertThat(definition.backoff().after(2)).isEqualTo(Duration.ofSeconds(6));
        assertThat(definition.killGrace()).isEqualTo(Duration.ofMillis(1500));
        assertThat(definition.environment()).containsEntry("N", "5").containsEntry("B", "true");
        assertThat(definition.fetch()).extracting(Definition.FetchUri::extract).containsExactly(true, false);
        refused("'acceptedResourceRoles':[]", "/acceptedResourceRoles");
        refused("'uris':['a'],'fetch':[{'uri':'b'}]", "/uris");
        refused("'fetch':[{}]", "/fetch(0)/uri");
        refused("'backoffFactor':0.5", "/backoffFactor");
    }

    @Test
    void readsWhereFilesComeTo() {
        assertThat(definition("'fetch':[{'uri':'http://x/a.zip','destPath':'conf/b.zip'},{'uri':'http://x/c'}]")
                        .fetch())
                .containsExactly(
                        new Definition.FetchUri("http://x/a.zip", true, false, false, Optional.of("conf/b.zip")),
                        new Definition.FetchUri("http://x/c", true, false, false, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../a", "a/../../b", ".", "a/..", "a/"})
    void refusesADestinationThatIsNoFileInTheSandbox(String path) {
        refused("'fetch':[{'uri':'http://x/a','destPath':'" + path + "'}]", "/fetch(0)/destPath");
    }

    @Test
    void refusesWhatIsNoUri() {
        refused("'fetch':[{'uri':'http://x/a b'}]", "/fetch(0)/uri");
        refused("'uris':['http://x/a b']", "/uris(0)");
    }

    @Test
    void refusesADefinitionThatNoMessageCouldCarry() {
        List<FieldError> errors = errors("'env':{'A':'" + "x".repeat(70_000) + "'}");

        assertThat(errors.get(0).what()).contains("70");
        assertThat(errors.get(0).expected()).contains("65536");
    }

    @Test
    void givesTheDefinitionBackWithTheDefaultsThatCount() {
        AppReader.Read read = ok("{'id':'web','cmd':'run','colour':'red'}");

        assertThat(read.draft().source())
                .contains("\"id\":\"/web\"", "\"instances\":1", "\"cpus\":1,", "\"mem\":128,", "\"env\":{}");
    }

    private static String external(String path, String driver) {
        return "'container':{'type':'MESOS','volumes':[{'containerPath':" + path
                + ",'external':{'name':'orders-db','provider':'dvdi','options':{'dvdi/driver':" + driver + "}}}]}";
    }
}
