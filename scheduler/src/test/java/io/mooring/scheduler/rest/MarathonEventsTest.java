package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.effect.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told in Mooring's words, in Marathon's: the fields of its 1.11. JSON stands in single quotes here. */
class MarathonEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Map<String, String> CHANGE = Map.of(
            "deployment", "d-1",
            "version", "2026-01-02T03:04:04Z",
            "apps", "/shop/db,/shop/web",
            "actions", "ScaleApplication /shop/db,RestartApplication /shop/web",
            "plan", "StartApplication /shop/db;ScaleApplication /shop/db,RestartApplication /shop/web");
    private static final Map<String, String> TASK = Map.of(
            "task", "shop_web.7-x", "app", "/shop/web", "version", "2026-01-02T03:04:05Z", "host", "h", "agent", "a1");

    private final MarathonEvents events = new MarathonEvents();

    private List<ObjectNode> of(String type, Map<String, String> facts) {
        return events.of(new Notice(type, NOW, facts));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static Map<String, String> with(Map<String, String> facts, String... more) {
        Map<String, String> all = new java.util.TreeMap<>(facts);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"deployment_info", "deployment_step_success", "deployment_step_failure"})
    void aStepIsToldWithTheWholePlan(String type) throws Exception {
        assertThat(of(type, CHANGE)).containsExactly((ObjectNode) json("{'eventType':'" + type
                + "','timestamp':'2026-01-02T03:04:05.000Z','plan':{'id':'d-1','steps':["
                + "{'actions':[{'action':'StartApplication','app':'/shop/db'}]},"
                + "{'actions':[{'action':'ScaleApplication','app':'/shop/db'},"
                + "{'action':'RestartApplication','app':'/shop/web'}]}],'version':'2026-01-02T03:04:04.000Z'},"
                + "'currentStep':{'actions':[{'action':'ScaleApplication','app':'/shop/db'},"
                + "{'action':'RestartApplication','app':'/shop/web'}]}}"));
    }

    @Test
    void anEndIsToldWithThePlanAndAFailureWithItsReason() {
        ObjectNode success = of("deployment_success", CHANGE).get(0);
        assertThat(success.get("id").textValue()).isEqualTo("d-1");
        assertThat(success.at("/plan/steps")).hasSize(2);
        assertThat(success.has("reason")).isFalse();

        ObjectNode failed =
                of("deployment_failed", with(CHANGE, "reason", "stopped")).get(0);
        assertThat(failed.get("reason").textValue()).isEqualTo("stopped");
        assertThat(failed.at("/plan/id").textValue()).isEqualTo("d-1");
    }

    @Test
    void healthChecksAreToldAsTheyAreDefined() throws Exception {
        Map<String, String> check = Map.of(
                "protocol", "HTTP",
                "path", "/health",
                "portIndex", "0",
                "gracePeriodSeconds", "5",
                "intervalSeconds", "10",
                "timeoutSeconds", "10",
                "maxConsecutiveFailures", "3");
        JsonNode shown = json("{'protocol':'HTTP','path':'/health','portIndex':0,'gracePeriodSeconds':5,"
                + "'intervalSeconds':10,'timeoutSeconds':10,'maxConsecutiveFailures':3}");
        Map<String, String> facts =
                with(check, "app", "/shop/web", "version", "2026-01-02T03:04:05Z", "task", "shop_web.7-x");

        ObjectNode added = of("health_check_added", facts).get(0);
        assertThat(added.get("eventType").textValue()).isEqualTo("add_health_check_event");
        assertThat(added.get("appId").textValue()).isEqualTo("/shop/web");
        assertThat(JSON.readTree(added.get("healthCheck").toString())).isEqualTo(shown);
        ObjectNode removed = of("health_check_removed", facts).get(0);
        assertThat(removed.get("eventType").textValue()).isEqualTo("remove_health_check_event");
        ObjectNode failed = of("failed_health_check", facts).get(0);
        assertThat(failed.get("eventType").textValue()).isEqualTo("failed_health_check_event");
        assertThat(failed.get("taskId").textValue()).isEqualTo("shop_web.7-x");
        assertThat(JSON.readTree(failed.get("healthCheck").toString())).isEqualTo(shown);
    }

    @Test
    void healthIsToldOfTheTaskAndOfTheInstance() {
        ObjectNode check =
                of("health_status_changed", with(TASK, "alive", "true")).get(0);
        assertThat(check.get("eventType").textValue()).isEqualTo("health_status_changed_event");
        assertThat(check.get("alive").booleanValue()).isTrue();
        ObjectNode instance =
                of("instance_health_changed", with(TASK, "alive", "true")).get(0);
        assertThat(instance.get("eventType").textValue()).isEqualTo("instance_health_changed_event");
        assertThat(instance.get("healthy").booleanValue()).isTrue();
        ObjectNode ended =
                of("unhealthy_task_ended", with(TASK, "reason", "status 503")).get(0);
        assertThat(ended.get("eventType").textValue()).isEqualTo("unhealthy_instance_kill_event");
        assertThat(ended.get("reason").textValue()).isEqualTo("status 503");
        assertThat(ended.get("slaveId").textValue()).isEqualTo("a1");
        assertThat(ended.get("host").textValue()).isEqualTo("h");
    }

    @Test
    void aTaskThatNobodyKnowsIsToldWithTheAppThatItsNameSpeaksOf() {
        ObjectNode unknown = of("unknown_task_ended", Map.of("task", "shop_my.web.7-x", "report", "GONE_BY_OPERATOR"))
                .get(0);

        assertThat(unknown.get("eventType").textValue()).isEqualTo("unknown_instance_terminated_event");
        assertThat(unknown.get("runSpecId").textValue()).isEqualTo("/shop/my.web");
        assertThat(unknown.get("condition").textValue()).isEqualTo("GoneByOperator");
    }

    @Test
    void aChangeOfAGroupIsToldAndARefusedOneWithItsReason() {
        ObjectNode changed = events.group("/shop", "v", Optional.empty(), NOW);
        assertThat(changed.get("eventType").textValue()).isEqualTo("group_change_success");
        assertThat(changed.get("groupId").textValue()).isEqualTo("/shop");
        ObjectNode refused = events.group("/", "v", Optional.of("locked"), NOW);
        assertThat(refused.get("eventType").textValue()).isEqualTo("group_change_failed");
        assertThat(refused.get("reason").textValue()).isEqualTo("locked");
    }

    @Test
    void whatMarathonKnowsNothingOfIsNotTold() {
        assertThat(of("claim_activated", Map.of("volume", "v"))).isEmpty();
        assertThat(of("task_running", Map.of("task", "mooring-inspect.1-x"))).isEmpty();
    }
}
