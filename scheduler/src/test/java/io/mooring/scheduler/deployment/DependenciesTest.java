package io.mooring.scheduler.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.definition.AppId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DependenciesTest {
    private static Dependencies of(Map<String, List<String>> declared) {
        return new Dependencies(app -> declared.getOrDefault(app.path(), List.of()), path -> declared.keySet().stream()
                .filter(app -> app.equals(path) || app.startsWith(path + "/"))
                .map(AppId::new)
                .toList());
    }

    @Test
    void anAppComesAfterTheLongestChainBelowIt() {
        Dependencies dependencies = of(Map.of(
                "/shop/db", List.of(),
                "/shop/api", List.of("/shop/db"),
                "/web", List.of("/shop/db", "/shop/api", "/gone")));

        assertThat(dependencies.level(new AppId("/web"))).isEqualTo(3);
        assertThat(dependencies.level(new AppId("/shop/api"))).isEqualTo(2);
        assertThat(dependencies.level(new AppId("/shop/db"))).isEqualTo(1);
        assertThat(dependencies.circular()).isFalse();
    }

    @Test
    void aGroupMeansAllOfItsApps() {
        Dependencies dependencies =
                of(Map.of("/shop/a", List.of(), "/shop/b", List.of("/shop/a"), "/web", List.of("/shop")));

        assertThat(dependencies.level(new AppId("/web"))).isEqualTo(3);
    }

    @Test
    void aCircleIsSeen() {
        Dependencies dependencies = of(Map.of("/a", List.of("/b"), "/b", List.of("/c"), "/c", List.of("/a")));
        dependencies.level(new AppId("/a"));
        assertThat(dependencies.circular()).isTrue();

        Dependencies own = of(Map.of("/a", List.of("/a")));
        own.level(new AppId("/a"));
        assertThat(own.circular()).isTrue();
    }

    @Test
    void aChainThatNeverEndsIsACircleBeforeItIsAnOverflow() {
        Dependencies dependencies = new Dependencies(
                app -> List.of("/a" + (Integer.parseInt(app.path().substring(2)) + 1)),
                path -> List.of(new AppId(path)));

        dependencies.level(new AppId("/a0"));

        assertThat(dependencies.circular()).isTrue();
    }
}
