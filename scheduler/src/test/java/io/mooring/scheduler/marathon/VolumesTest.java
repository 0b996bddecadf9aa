package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.RootAccess;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which an app names its volumes: what they come to, and what is refused. JSON stands in single quotes. */
class VolumesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXTERNAL =
            "{'id':'/orders','cmd':'./run.sh','container':{'type':'MESOS','volumes':[{'containerPath':'/tmp/orders',"
                    + "'mode':'RW','external':{'name':'orders-db','provider':'dvdi','size':20,'options':"
                    + "{'dvdi/driver':'rexray','dvdi/newfstype':'xfs'}}}]},"
                    + "'upgradeStrategy':{'minimumHealthCapacity':0,'maximumOverCapacity':0}}";
    private static final String VARIABLES =
            "{'id':'/orders','cmd':'./run.sh','instances':1,'env':{'DVDI_VOLUME_NAME':'orders-db',"
                    + "'DVDI_VOLUME_OPTS':'size=20,newfstype=xfs','DVDI_VOLUME_CONTAINERPATH':'/tmp/orders'}}";

    private static Answer<AppReader.Read> read(String json) {
        try {
            return AppReader.read(JSON.readTree(json.replace('\'', '"')));
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static VolumeRequest request(String json) {
        Answer<AppReader.Read> answer = read(json);
        assertThat(answer).as("%s", answer).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<AppReader.Read>) answer)
                .value()
                .draft()
                .definition()
                .volumes()
                .get(0)
                .request();
    }

    private static List<String> wrong(String json) {
        Answer<AppReader.Read> answer = read(json);
        assertThat(answer).as("%s", answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused<AppReader.Read>) answer)
                .errors().stream().map(FieldError::path).toList();
    }

    private static String docker(String... parameters) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            all.append(i == 0 ? "" : ",").append("{'key':'" + parameters[i] + "','value':'" + parameters[i + 1] + "'}");
        }
        return "{'id':'/orders','container':{'docker':{'image':'orders:1','parameters':[" + all + "]}}}";
    }

    private static String label(String key, String value) {
        return VARIABLES.replace("'env'", "'labels':{'mooring/orders-db/" + key + "':'" + value + "'},'env'");
    }

    @Test
    void meansTheSameByEachOfItsForms() {
        VolumeRequest meant = new VolumeRequest(
                new DriverName("rexray"),
                new VolumeName("orders-db"),
                Map.of("size", "20", "newfstype", "xfs"),
                Optional.of("/tmp/orders"),
                MountMode.READ_WRITE,
                AccessMode.SINGLE_WRITER,
                CreatePolicy.IF_MISSING);

        assertThat(request(VARIABLES)).isEqualTo(meant);
        assertThat(request(EXTERNAL)).isEqualTo(meant);
        assertThat(request(docker(
                        "mount",
                        "type=volume,src=orders-db,dst=/tmp/orders,volume-driver=rexray,volume-opt=size=20,"
                                + "volume-opt=newfstype=xfs")))
                .isEqualTo(meant);
        VolumeRequest plain = request(docker("volume-driver", "rexray", "volume", "orders-db:/tmp/orders:rw"));
        assertThat(plain.options()).isEmpty();
        assertThat(new VolumeRequest(
                        plain.driver(),
                        plain.name(),
                        meant.options(),
                        plain.containerPath(),
                        plain.mode(),
                        plain.access(),
                        plain.create()))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'instances':1 | 'instances':2,'x':1 | ok: a number that the scheduler refuses",
                "'DVDI_VOLUME_NAME' | 'DVDI_VOLUME_NAME10' | /env/DVDI_VOLUME_NAME10",
                "'/tmp/orders'}}| 'data'}} | /env/DVDI_VOLUME_CONTAINERPATH",
                "'env':{ | 'env':{'DVDI_VOLUME_NAME1':'orders-db','DVDI_VOLUME_CONTAINERPATH1':'/b', | /volumes",
                "'env':{ | 'env':{'DVDI_VOLUME_DVDCLI':'/bin/sh', | /env/DVDI_VOLUME_DVDCLI",
            })
    void refusesWhatTheIsolatorFailsAt(String part, String other, String path) {
        if (path.startsWith("ok")) {
            assertThat(request(VARIABLES.replace(part, other))).isNotNull();
            return;
        }
        assertThat(wrong(VARIABLES.replace(part, other))).contains(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'maximumOverCapacity':0 | 'maximumOverCapacity':1 | /upgradeStrategy/maximumOverCapacity",
                "'dvdi/newfstype' | 'newfstype' | /container/volumes(0)/external/options/newfstype",
                "'dvdi/driver':'rexray' | 'dvdi/driver':'rexray/ebs' | /container/volumes(0)/external/options/dvdi/driver",
                "'dvdi/driver':'rexray', | '' | /container/volumes(0)/external/options",
                "'provider':'dvdi' | 'provider':'csi' | /container/volumes(0)/external/provider",
                "'size':20 | 'size':-1 | /container/volumes(0)/external/size",
                "'type':'MESOS' | 'docker':{'image':'orders:1'} | /container/volumes(0)/external/size",
            })
    void refusesWhatMarathonRefuses(String part, String other, String path) {
        assertThat(wrong(EXTERNAL.replace(part, other.equals("''") ? "" : other)))
                .contains(path);
    }

    @Test
    void mountsReadOnlyForTheOneThatHasTheVolumeToo() {
        VolumeRequest request = request(EXTERNAL.replace("'RW'", "'RO'"));

        assertThat(request.mode()).isEqualTo(MountMode.READ_ONLY);
        assertThat(request.shared()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, RW, MANY_WRITERS", "'''true''', RO, MANY_READERS", "false, RW, SINGLE_WRITER"})
    void readsMarathonsSharedVolumes(String shared, String mode, AccessMode access) {
        VolumeRequest request = request(
                EXTERNAL.replace("'RW'", "'" + mode + "'").replace("'size':20", "'size':20,'shared':" + shared));

        assertThat(request.access()).isEqualTo(access);
    }

    @Test
    void takesTheLabelsWordForHowAVolumeIsShared() {
        String shared = EXTERNAL.replace("'size':20", "'size':20,'shared':true");

        assertThat(request(shared.replace(
                                "'cmd'", "'labels':{'mooring/orders-db/access':'single-writer-readers'},'cmd'"))
                        .access())
                .isEqualTo(AccessMode.SINGLE_WRITER_READERS);
        assertThat(wrong(shared.replace("'cmd'", "'labels':{'mooring/orders-db/access':'single-writer'},'cmd'")))
                .containsExactly("/labels/mooring/orders-db/access");
    }

    @Test
    void readsWhomTheRootBelongsTo() {
        VolumeRequest request = request(
                VARIABLES.replace(
                        "'env'",
                        "'labels':{'mooring/orders-db/uid':'26','mooring/orders-db/gid':'27','mooring/orders-db/mode':'0750'},'env'"));

        assertThat(request.root()).isEqualTo(new RootAccess(Optional.of(26), Optional.of(27), Optional.of(0750)));
        assertThat(request(VARIABLES).root()).isEqualTo(RootAccess.AS_IT_IS);
    }

    @ParameterizedTest
    @CsvSource({"uid, postgres", "uid, -1", "gid, 4294967296", "mode, 8", "mode, 0999", "mode, rwx", "owner, 1"})
    void namesTheLabelThatIsWrong(String key, String value) {
        assertThat(wrong(label(key, value))).containsExactly("/labels/mooring/orders-db/" + key);
    }

    @Test
    void givesNobodyTheRootOfAVolumeThatIsOnlyRead() {
        String owned = EXTERNAL.replace("'cmd'", "'labels':{'mooring/orders-db/uid':'26'},'cmd'");

        assertThat(wrong(owned.replace("'RW'", "'RO'"))).containsExactly("/labels/mooring/orders-db/uid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=bind,source=/etc,target=/etc",
                "type=tmpfs,target=/tmp/x",
                "source=orders-db,target=/data",
                "source=orders-db,target=data,volume-driver=rexray",
                "source=orders-db,volume-driver=rexray",
                "target=/data,volume-driver=rexray",
                "source=../x,target=/data,volume-driver=rexray",
                "source=orders-db,target=/data,volume-driver=rexray,bind-propagation=shared",
                "source=orders-db,target=/data,volume-driver=rexray,volume-opt=size",
                "source=orders-db,target=/data,volume-driver=rexray,readonly=maybe",
            })
    void refusesAMountThatIsNoClaimableVolume(String value) {
        assertThat(wrong(docker("mount", value))).containsOnly("/container/docker/parameters(0)/value");
    }

    @Test
    void readsAMountThatIsOnlyRead() {
        VolumeRequest request =
                request(docker("volume-driver", "rexray", "mount", "source=orders-db,target=/data,readonly"));

        assertThat(request.mode()).isEqualTo(MountMode.READ_ONLY);
        assertThat(request.driver()).isEqualTo(new DriverName("rexray"));
    }
}
