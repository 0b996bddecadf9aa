package io.mooring.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.Event.ErrandDone;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.plugin.PluginDirectories;
import io.mooring.executor.plugin.Plugins;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.RexRay;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a Remove it is the Get that decides. */
class ErrandsTest {
    private static final VolumeName VOLUME = new VolumeName("data");
    private static final RemoveVolume REMOVE = new RemoveVolume(7, new DriverName("rexray"), VOLUME);

    @TempDir
    private Path directory;

    private ErrandDone removed(StubPlugin.Behaviour plugin) throws IOException {
        try (StubPlugin stub = new StubPlugin(directory.resolve("rexray.sock"), plugin);
                Plugins plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE)) {
            plugins.create(REMOVE.driver(), VOLUME, Map.of());
            Ports ports = new Ports(null, plugins, null, null, null, null, null, null, InstantSource.system(), null);
            ErrandDone done = new Errands(ports, new Machine(new MachineKey("m"), new BootId("b"))).remove(REMOVE);
            // Or a List, where a Get may have forgotten what is there.
            assertThat(stub.calls()).last().asString().matches("VolumeDriver[.](Get|List) .*");
            return done;
        }
    }

    private static String what(ErrandDone done) {
        assertThat(done.state()).isEqualTo(State.FAILED);
        return ((Failure) done.report()).what();
    }

    @Test
    void saysThatAVolumeIsGoneWhenItIs() throws IOException {
        for (RexRay.Version version : RexRay.Version.values()) {
            ErrandDone done = removed(new RexRay(version));
            assertThat(done.state()).as("%s", version).isEqualTo(State.FINISHED);
            assertThat(done.report()).isEqualTo(new VolumeOperationDone(VOLUME));
        }
    }

    @Test
    void neverSaysThatAVolumeIsGoneThatAPluginOnlySaysItRemoved() throws IOException {
        for (RexRay.Version version : RexRay.Version.values()) {
            assertThat(what(removed(new RexRay(version).withRemoveDisabled())))
                    .as("%s", version)
                    .contains("was not removed", "answered success, and still has it", "remove.disable");
        }
    }

    @Test
    void takesARemoveWhoseAnswerWasLostForDoneWhenTheVolumeIsGone() throws IOException {
        RexRay rexRay = new RexRay(RexRay.Version.V0_11);
        ErrandDone done = removed((method, body) -> {
            Answer answer = rexRay.answer(method, body);
            return method.equals("VolumeDriver.Remove") ? new Answer(0, "") : answer;
        });
        assertThat(done.state()).isEqualTo(State.FINISHED);
    }

    @Test
    void saysWhatIsInTheWayOfARemove() throws IOException {
        RexRay rexRay = new RexRay(RexRay.Version.V0_4);
        assertThat(what(removed((method, body) -> method.equals("VolumeDriver.Remove")
                        ? new Answer(500, "text/plain", "{\"Error\":\"volume is attached\"}")
                        : rexRay.answer(method, body))))
                .contains("was not removed: volume is attached");
    }
}
