package io.mooring.scheduler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.marathon.AppReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakenNamesTest {
    private final ClusterState state = new ClusterState();

    private App put(String id, String volume) throws JsonProcessingException {
        String json = "{\"id\": \"" + id + "\", \"cmd\": \"run\", \"env\": {\"DVDI_VOLUME_NAME\": \"" + volume + "\"}}";
        Draft draft = ((Answer.Ok<AppReader.Read>) AppReader.read(new ObjectMapper().readTree(json)))
                .value()
                .draft();
        App app = new App(
                draft.id(),
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                App.Goal.RUN,
                1,
                draft.definition(),
                draft.source(),
                Optional.empty(),
                List.of());
        state.apply(new StoreRecord.PutApp(app));
        return app;
    }

    private List<String> naming(String volume) {
        return state.appsNaming(new VolumeName(volume)).stream()
                .map(app -> app.id().path())
                .toList();
    }

    private boolean nested(String id) {
        return state.nested(new AppId(id));
    }

    @Test
    void anIdIsNestedAboveAndBelowAppsAndNowhereElse() throws Exception {
        put("/shop/db/main", "vol-a");
        put("/shop/db/copy", "vol-b");

        assertThat(nested("/shop")).isTrue();
        assertThat(nested("/shop/db")).isTrue();
        assertThat(nested("/shop/db/main/part/of/it")).isTrue();
        assertThat(nested("/shop/db/main"))
                .as("itself is neither above nor below")
                .isFalse();
        assertThat(nested("/shop/db-2")).isFalse();
        assertThat(nested("/sho")).isFalse();
    }

    @Test
    void aGroupIsFreeWhenItsLastAppIsGone() throws Exception {
        put("/shop/a", "vol-a");
        put("/shop/b", "vol-b");
        put("/shop/a", "vol-c");

        state.apply(new StoreRecord.RemoveApp(new AppId("/shop/a")));
        assertThat(nested("/shop")).isTrue();
        state.apply(new StoreRecord.RemoveApp(new AppId("/shop/b")));
        assertThat(nested("/shop")).isFalse();
        assertThat(nested("/shop/a/below")).isFalse();
    }

    @Test
    void findsTheAppsOfAVolumeWhateverTheCaseOfItsName() throws Exception {
        put("/b", "Orders");
        put("/a", "orders");
        put("/c", "others");

        assertThat(naming("ORDERS")).containsExactly("/a", "/b");
        assertThat(naming("nobody-has-it")).isEmpty();
    }

    @Test
    void findsAppsWithAVolumeForEachInstanceByAnyOfTheirNumbers() throws Exception {
        put("/ring", "ring-{index}-data");
        put("/single", "ring-7-data");

        assertThat(naming("ring-7-data")).containsExactly("/ring", "/single");
        assertThat(naming("ring-12-data")).containsExactly("/ring");
        assertThat(naming("ring-x-data")).isEmpty();
    }

    @Test
    void anAppThatNamesAnotherVolumeNowOrIsGoneIsNotFoundAnyMore() throws Exception {
        put("/a", "old");
        put("/ring", "ring-{index}");
        put("/a", "new");
        put("/ring", "single");

        assertThat(naming("old")).isEmpty();
        assertThat(naming("new")).containsExactly("/a");
        assertThat(naming("ring-0")).isEmpty();
        state.apply(new StoreRecord.RemoveApp(new AppId("/a")));
        assertThat(naming("new")).isEmpty();
    }
}
