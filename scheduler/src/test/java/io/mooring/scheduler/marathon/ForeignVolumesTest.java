package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignVolumesTest {
    private static Answer<List<VolumeSpec>> read(String json) {
        return ForeignVolumes.read(json.replace('\'', '"'));
    }

    private static List<VolumeSpec> specs(String json) {
        return ((Answer.Ok<List<VolumeSpec>>) read(json)).value();
    }

    private static String refusal(String json) {
        return ((Answer.Refused<List<VolumeSpec>>) read(json)).toString();
    }

    @Test
    void readsAllThreeFormsWithTheirLabels() {
        List<VolumeSpec> specs = specs("{'env':{'DVDI_VOLUME_NAME':'data','DVDI_VOLUME_OPTS':'size=5'},"
                + "'labels':{'mooring/data/takeover':'manual'},"
                + "'container':{'volumes':[{'containerPath':'wal','mode':'RW','external':{'name':'wal',"
                + "'provider':'dvdi','options':{'dvdi/driver':'loop'}}}],"
                + "'docker':{'parameters':[{'key':'volume-driver','value':'loop'},{'key':'volume','value':'logs:/l'},"
                + "{'key':'label','value':'MESOS_TASK_ID=x'}]}}}");

        assertThat(specs)
                .extracting(
                        spec -> spec.request().driver() + "/" + spec.request().name())
                .containsExactly("rexray/data", "loop/wal", "loop/logs");
        assertThat(specs.get(0).takeover()).isEqualTo(TakeoverPolicy.MANUAL);
        assertThat(specs.get(0).request().options()).containsEntry("size", "5");
    }

    @Test
    void tellsWhatIsWrongWhereItWasWritten() {
        assertThat(refusal("{'env':{'DVDI_VOLUME_NAME10':'x1'}}")).contains("/env/DVDI_VOLUME_NAME10");
        assertThat(refusal("{'env':{'DVDI_VOLUME_NAME':'data'},'labels':{'mooring/other/access':'x'}}"))
                .contains("/labels/mooring/other/access");
        assertThat(refusal("{'env':{'DVDI_VOLUME_NAME':'data-{index}'}}")).contains("only Mooring numbers");
        assertThat(refusal("{}")).contains("names no volume");
        assertThat(refusal("[]")).contains("has to be an object");
        assertThat(refusal("{")).contains("no JSON");
    }
}
