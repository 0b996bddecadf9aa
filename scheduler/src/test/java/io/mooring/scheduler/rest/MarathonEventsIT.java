package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.task.Report;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Marathon's event bus over HTTP: the events of an app's life, with the fields that clients read. */
class MarathonEventsIT extends ServedApi {
    /** Reads one stream; events come out as JSON. */
    private final class Client implements AutoCloseable {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Stream<String> stream;

        Client(String query) throws Exception {
            HttpResponse<Stream<String>> answer = http.send(
                    HttpRequest.newBuilder(uri("/v2/events" + query))
                            .header("Accept", "text/event-stream")
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            stream = answer.body();
            Thread reader = new Thread(() -> stream.forEach(lines::add), "reader");
            reader.setDaemon(true);
            reader.setUncaughtExceptionHandler((thread, e) -> lines.add("ended"));
            reader.start();
        }

        /** The events up to the first of that type. */
        List<JsonNode> until(String type) throws Exception {
            List<JsonNode> events = new ArrayList<>();
            while (events.isEmpty()
                    || !events.get(events.size() - 1).path("eventType").asText().equals(type)) {
                String line = lines.poll(60, TimeUnit.SECONDS);
                assertThat(line).as("%s after %s", type, events).isNotNull();
                if (line.startsWith("data: ")) {
                    events.add(JSON.readTree(line.substring("data: ".length())));
                }
            }
            return events;
        }

        JsonNode next(String type) throws Exception {
            List<JsonNode> events = until(type);
            return events.get(events.size() - 1);
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    @Test
    void tellsOfAnAppsLifeInMarathonsWords() throws Exception {
        try (Client client = new Client("");
                Client states = new Client("?event_type=status_update_event&event_type=app_terminated_event")) {
            assertThat(client.next("event_stream_attached").get("remoteAddress").textValue())
                    .isEqualTo("127.0.0.1");
            activated();

            JsonNode posted = client.next("api_post_event");
            assertThat(posted.get("uri").textValue()).isEqualTo("/v2/apps");
            assertThat(posted.get("clientIp").textValue()).isEqualTo("127.0.0.1");
            assertThat(posted.get("appDefinition").get("id").textValue()).isEqualTo("/orders");
            assertThat(posted.get("timestamp").textValue())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            JsonNode status = states.next("status_update_event");
            JsonNode task = get("/v2/apps/orders/tasks").json().get("tasks").get(0);
            assertThat(status.get("taskId")).isEqualTo(task.get("id"));
            assertThat(status.get("slaveId")).isEqualTo(task.get("slaveId"));
            assertThat(status.get("host")).isEqualTo(task.get("host"));
            assertThat(status.get("version")).isEqualTo(task.get("version"));
            assertThat(status.get("appId").textValue()).isEqualTo("/orders");
            assertThat(status.get("taskStatus").textValue()).isEqualTo("TASK_STARTING");
            assertThat(keys(status)).contains("ports", "ipAddresses", "message", "timestamp");
        }
    }

    @Test
    void tellsOfTheSubscriptionAndOfDeployments() throws Exception {
        try (Client client = new Client("")) {
            engine.post((decider, decision) -> decider.subscribed(new FrameworkId("framework-1"), decision));
            assertThat(client.next("scheduler_reregistered_event")
                            .get("frameworkId")
                            .textValue())
                    .isEqualTo("framework-1");

            String deployment = send("POST", "/v2/apps", "{'id':'/web','cmd':'run','instances':0}")
                    .json()
                    .get("deployments")
                    .get(0)
                    .get("id")
                    .textValue();
            List<JsonNode> events = client.until("deployment_success");
            assertThat(events)
                    .extracting(event -> event.get("eventType").textValue())
                    .filteredOn(type -> type.startsWith("deployment_"))
                    .containsExactly(
                            "deployment_info",
                            "deployment_step_success",
                            "deployment_info",
                            "deployment_step_success",
                            "deployment_success");
            JsonNode done = events.get(events.size() - 1);
            assertThat(done.get("id").textValue()).isEqualTo(deployment);
            assertThat(done.get("plan").get("id").textValue()).isEqualTo(deployment);
            assertThat(done.at("/plan/steps/1/actions/0").toString())
                    .isEqualTo("{\"action\":\"ScaleApplication\",\"app\":\"/web\"}");
            send("DELETE", "/v2/apps/web", null);
            assertThat(client.next("app_terminated_event").get("appId").textValue())
                    .isEqualTo("/web");
        }
    }

    @Test
    void tellsOfRequestsThatChangeGroupsAndOfThoseThatAreRefused() throws Exception {
        String types = "?event_type=group_change_success&event_type=group_change_failed&plan-format=light";
        try (Client client = new Client(types)) {
            Answer made = send("POST", "/v2/groups", "{'id':'/shop','apps':[{'id':'web','cmd':'run','instances':1}]}");
            JsonNode changed = client.next("group_change_success");
            assertThat(changed.get("groupId").textValue()).isEqualTo("/");
            assertThat(changed.get("version")).isEqualTo(made.json().get("version"));

            Answer locked = send("PUT", "/v2/apps/shop/web", "{'instances':2}");
            assertThat(locked.status()).isEqualTo(409);
            JsonNode failed = client.next("group_change_failed");
            assertThat(failed.get("groupId").textValue()).isEqualTo("/shop");
            assertThat(failed.get("reason")).isEqualTo(locked.json().get("message"));

            send("POST", "/v2/apps/shop/web/restart?force=true", null);
            assertThat(client.next("group_change_success").get("groupId").textValue())
                    .isEqualTo("/shop");
        }
    }

    @Test
    void tellsOfATaskThatEndsAndIsNotOnRecord() throws Exception {
        try (Client client =
                new Client("?event_type=unknown_instance_terminated_event&event_type=event_stream_attached")) {
            client.next("event_stream_attached");
            update(
                    new TaskId("shop_web.7-lost"),
                    Report.FAILED,
                    new ReleaseRecord(new MachineKey("m1"), new BootId("b1"), List.of()));

            JsonNode ended = client.next("unknown_instance_terminated_event");

            assertThat(ended.get("instanceId").textValue()).isEqualTo("shop_web.7-lost");
            assertThat(ended.get("runSpecId").textValue()).isEqualTo("/shop/web");
            assertThat(ended.get("condition").textValue()).isEqualTo("Failed");
        }
    }

    @Test
    void answers405ToWhoDoesNotTakeEvents() throws Exception {
        Answer answer = get("/v2/events");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.json().get("message").textValue()).contains("text/event-stream");
    }
}
