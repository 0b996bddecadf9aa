package io.mooring.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.process.LocalSettings.Driver;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventWordsTest {
    @Test
    void saysThatAVolumeWasFormattedOnlyUnderItsFirstFence() throws IOException {
        assertThat(words(Driver.LOOP, "{'eventType':'claim_mounted','machine':'agent-1','fence':'1'}"))
                .contains("the volume was created, attached to agent-1, formatted and mounted; the workload runs");
        assertThat(words(Driver.LOOP, "{'eventType':'claim_mounted','machine':'agent-2','fence':'2'}"))
                .contains(
                        "the volume was attached to agent-2 and mounted, with the file system it has; the workload runs");
    }

    @Test
    void neverSaysThatADirectoryWasAttachedOrFormatted() throws IOException {
        for (int fence = 1; fence <= 2; fence++) {
            assertThat(words(Driver.VFS, "{'eventType':'claim_mounted','machine':'agent-1','fence':'" + fence + "'}"))
                    .get()
                    .asString()
                    .contains("directory")
                    .doesNotContain("attached", "formatted");
        }
    }

    @Test
    void saysWhatAnEvidenceMeans() throws IOException {
        assertThat(words(
                        Driver.LOOP,
                        "{'eventType':'claim_released','volume':'v','machine':'agent-1','fence':'7','evidence':'E1'}"))
                .contains("volume v, fence 7, is released by agent-1 on evidence E1: the executor saw the workload gone"
                        + " and let go of the volume");
    }

    @Test
    void saysWhyATaskFailed() throws IOException {
        assertThat(words(Driver.LOOP, "{'eventType':'task_failed','app':'/a','task':'a.1','message':'no space'}"))
                .contains("task a.1 has failed: no space");
    }

    @Test
    void isSilentAboutTasksThatAreNoAppsAndEventsItDoesNotKnow() throws IOException {
        assertThat(words(Driver.LOOP, "{'eventType':'task_killed','task':'mooring-inspect.1'}"))
                .isEmpty();
        assertThat(words(Driver.LOOP, "{'eventType':'something_new'}")).isEmpty();
        assertThat(words(Driver.LOOP, "{}")).isEmpty();
    }

    private static Optional<String> words(Driver driver, String event) throws IOException {
        return new EventWords(driver).of(new ObjectMapper().readTree(event.replace('\'', '"')));
    }
}
