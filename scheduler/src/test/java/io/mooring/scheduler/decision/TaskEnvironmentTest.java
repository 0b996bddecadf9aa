package io.mooring.scheduler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.marathon.AppReader;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The variables of a task, each as {@code TaskBuilder} and {@code EnvironmentHelper} of Marathon set it. JSON stands in
 * single quotes here.
 */
class TaskEnvironmentTest {
    private static final Instant VERSION = Instant.parse("2026-03-01T10:00:00.123Z");

    private static Map<String, String> of(String fields, Integer... ports) throws Exception {
        String json = "{'id':'/shop/web','cmd':'run'," + fields + "}";
        Draft draft = ((Answer.Ok<AppReader.Read>) AppReader.read(new ObjectMapper().readTree(json.replace('\'', '"'))))
                .value()
                .draft();
        App app = new App(
                draft.id(),
                VERSION,
                VERSION,
                VERSION,
                App.Goal.RUN,
                1,
                draft.definition(),
                draft.source(),
                Optional.empty(),
                List.of());
        Task task = new Task(
                new TaskId("shop_web.1"),
                TaskKind.RUN,
                Optional.of(draft.id()),
                Optional.of(VERSION),
                0,
                Optional.empty(),
                new AgentId("agent-1"),
                new MachineKey("machine-1"),
                "agent-1.example",
                List.of(ports),
                List.of(),
                0,
                TaskState.STAGING,
                Task.Goal.RUN,
                VERSION,
                Optional.empty());
        return TaskEnvironment.of(app, task);
    }

    private static Map<String, String> ports(Map<String, String> environment) {
        return only(environment, name -> name.startsWith("PORT"));
    }

    private static Map<String, String> only(Map<String, String> environment, Predicate<String> names) {
        return environment.entrySet().stream()
                .filter(each -> names.test(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    @Test
    void tellsATaskWhatItIsAndWhereItRuns() throws Exception {
        assertThat(of("'ports':[],'cpus':0.5,'mem':64,'disk':10"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "MESOS_TASK_ID", "shop_web.1",
                        "HOST", "agent-1.example",
                        "MARATHON_APP_ID", "/shop/web",
                        "MARATHON_APP_VERSION", "2026-03-01T10:00:00.123Z",
                        "MARATHON_APP_RESOURCE_CPUS", "0.5",
                        "MARATHON_APP_RESOURCE_MEM", "64.0",
                        "MARATHON_APP_RESOURCE_DISK", "10.0",
                        "MARATHON_APP_RESOURCE_GPUS", "0",
                        "MARATHON_APP_ENFORCE_GROUP_ROLE", "FALSE",
                        "MARATHON_APP_LABELS", ""));
    }

    @Test
    void portsHaveTheirPlaces() throws Exception {
        assertThat(ports(of("'ports':[0,0]", 1001, 1002)))
                .isEqualTo(Map.of(
                        "PORT", "1001",
                        "PORTS", "1001,1002",
                        "PORT0", "1001",
                        "PORT1", "1002",
                        "PORT_1001", "1001",
                        "PORT_1002", "1002"));
    }

    @Test
    void portsHaveTheNumbersThatTheAppGivesThemAndTheirNames() throws Exception {
        assertThat(ports(of(
                        "'portDefinitions':[{'port':80,'name':'http'},{'port':8080},{'port':443,'name':'https'},"
                                + "{'port':0,'name':'http-api'}]",
                        1001,
                        1002,
                        1003,
                        1004)))
                .isEqualTo(Map.ofEntries(
                        Map.entry("PORT", "1001"),
                        Map.entry("PORTS", "1001,1002,1003,1004"),
                        Map.entry("PORT0", "1001"),
                        Map.entry("PORT1", "1002"),
                        Map.entry("PORT2", "1003"),
                        Map.entry("PORT3", "1004"),
                        Map.entry("PORT_80", "1001"),
                        Map.entry("PORT_8080", "1002"),
                        Map.entry("PORT_443", "1003"),
                        Map.entry("PORT_1004", "1004"),
                        Map.entry("PORT_HTTP", "1001"),
                        Map.entry("PORT_HTTPS", "1003"),
                        Map.entry("PORT_HTTP-API", "1004"),
                        Map.entry("PORT_HTTP_API", "1004")));
    }

    @Test
    void portsOfAContainerHaveTheNumbersInIt() throws Exception {
        Map<String, String> environment = of(
                "'container':{'type':'DOCKER','docker':{'image':'nginx:1.25','network':'BRIDGE','portMappings':["
                        + "{'containerPort':80,'name':'web'},{'containerPort':0}]}}",
                31005,
                31006);

        assertThat(environment).containsEntry("MARATHON_APP_DOCKER_IMAGE", "nginx:1.25");
        assertThat(ports(environment))
                .isEqualTo(Map.of(
                        "PORT", "31005",
                        "PORTS", "31005,31006",
                        "PORT0", "31005",
                        "PORT1", "31006",
                        "PORT_80", "31005",
                        "PORT_31006", "31006",
                        "PORT_WEB", "31005"));
    }

    @Test
    void labelsAreVariablesUnlessTheyAreTooLong() throws Exception {
        String key = "k".repeat(492);
        Map<String, String> environment = of("'ports':[],'labels':{'tier.of--shop':'front','" + key + "':'last','" + key
                + "k':'long','a':'" + "v".repeat(511) + "','b':'" + "v".repeat(512) + "'}");

        assertThat(only(environment, name -> name.startsWith("MARATHON_APP_LABEL_")))
                .isEqualTo(Map.of(
                        "MARATHON_APP_LABEL_TIER_OF_SHOP",
                        "front",
                        "MARATHON_APP_LABEL_" + key.toUpperCase(java.util.Locale.ROOT),
                        "last",
                        "MARATHON_APP_LABEL_A",
                        "v".repeat(511)));
        assertThat(environment.get("MARATHON_APP_LABELS").split(" ")).hasSize(3).contains("TIER_OF_SHOP", "A");
    }

    @Test
    void theAppsOwnVariablesWin() throws Exception {
        assertThat(of("'env':{'PORT':'1','HOST':'here','MARATHON_APP_ID':'mine'}", 1001))
                .containsEntry("PORT", "1")
                .containsEntry("PORT0", "1001")
                .containsEntry("HOST", "here")
                .containsEntry("MARATHON_APP_ID", "mine");
    }
}
