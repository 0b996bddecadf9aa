package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.testkit.OddValues;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.marathon.AppReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each value in each definition that we have, replaced by each of many odd ones: the reader says what is wrong and where, or it
 * takes it, and then it can be shown. Never anything else.
 */
class OddDefinitionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void areTakenOrRefusedWithAPath() throws IOException {
        List<JsonNode> definitions = definitions();
        assertThat(definitions.size()).isGreaterThan(60);
        for (JsonNode definition : definitions) {
            OddValues.inPlaceOfEach(definition, changed -> assertThatCode(() -> read(changed))
                    .as("%s", changed)
                    .doesNotThrowAnyException());
        }
    }

    private static void read(JsonNode definition) {
        Answer<AppReader.Read> answer = AppReader.read(definition);
        if (answer instanceof Answer.Refused<AppReader.Read> refused) {
            assertThat(refused.errors()).isNotEmpty().allSatisfy(error -> {
                assertThat(error.path()).startsWith("/");
                assertThat(error.what()).isNotBlank();
                assertThat(error.expected()).isNotBlank();
            });
            assertThat(Problem.marathon(refused).getStatus()).isIn(400, 422);
            return;
        }
        Draft draft = ((Answer.Ok<AppReader.Read>) answer).value().draft();
        App app = new App(
                draft.id(),
                NOW,
                NOW,
                NOW,
                App.Goal.RUN,
                1,
                draft.definition(),
                draft.source(),
                Optional.empty(),
                List.of());
        AppView.of(new SeenApp(app, List.of(), Optional.empty(), Optional.empty(), NOW), Set.of(Embed.values()));
    }

    private static List<JsonNode> definitions() throws IOException {
        List<JsonNode> definitions = new ArrayList<>();
        JSON.readTree(OddDefinitionsTest.class.getResourceAsStream("/marathon-documentation.json"))
                .forEach(each -> definitions.add(each.path("definition")));
        try (Stream<Path> examples = Files.list(Path.of("../marathon-examples"))) {
            for (Path example : examples.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                definitions.add(JSON.readTree(example.toFile()));
            }
        }
        return definitions;
    }
}
