package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.task.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Versions, deployments, and changes of several apps, over HTTP. */
class DeploymentsApiIT extends ServedApi {
    private void run(String app) throws Exception {
        offer();
        for (JsonNode task : get("/v2/apps" + app + "/tasks").json().get("tasks")) {
            update(new TaskId(task.get("id").textValue()), Report.RUNNING, new MountReport(List.of()));
        }
    }

    private JsonNode app(String app) throws Exception {
        return get("/v2/apps" + app).json().get("app");
    }

    @Test
    void keepsVersionsAndGoesBackToThem() throws Exception {
        inspected();
        String first = send("POST", "/v2/apps", "{'id':'/web','cmd':'one','ports':[]}")
                .json()
                .get("version")
                .textValue();
        run("/web");
        Answer changed = send("PUT", "/v2/apps/web", "{'cmd':'two','instances':3}");
        assertThat(changed.status()).isEqualTo(200);
        String second = changed.json().get("version").textValue();

        JsonNode versions = get("/v2/apps/web/versions").json().get("versions");
        assertThat(versions).extracting(JsonNode::textValue).containsExactly(second, first);
        JsonNode old = get("/v2/apps//web/versions/" + first).json();
        assertThat(old.get("cmd").textValue()).isEqualTo("one");
        assertThat(old.get("instances").intValue()).isEqualTo(1);
        assertThat(old.get("version").textValue()).isEqualTo(first);
        assertThat(old.get("versionInfo").get("lastConfigChangeAt").textValue()).isEqualTo(first);
        assertThat(get("/v2/apps/web/versions/" + second).json().get("cmd").textValue())
                .isEqualTo("two");
        assertThat(get("/v2/apps/web/versions/2020-01-01T00:00:00.000Z").status())
                .isEqualTo(404);
        assertThat(get("/v2/apps/web/versions/yesterday").status()).isEqualTo(422);
        assertThat(get("/v2/apps/none/versions").json().get("message").textValue())
                .isEqualTo("App '/none' does not exist");

        assertThat(send("PUT", "/v2/apps/web", "{'version':'" + first + "'}").status())
                .as("it is locked")
                .isEqualTo(409);
        Answer mixed = send("PUT", "/v2/apps/web?force=true", "{'version':'" + first + "','cmd':'x'}");
        assertThat(mixed.status()).isEqualTo(422);
        assertThat(mixed.text()).contains("The 'version' field may only be combined with the 'id' field.");
        assertThat(send("PUT", "/v2/apps/web?force=true", "{'version':'2020-01-01T00:00:00.000Z'}")
                        .status())
                .isEqualTo(404);
        Answer back = send("PUT", "/v2/apps/web?force=true", "{'version':'" + first + "'}");
        assertThat(back.status()).isEqualTo(200);
        assertThat(app("/web").get("cmd").textValue()).isEqualTo("one");
        assertThat(app("/web").get("instances").intValue()).isEqualTo(1);
    }

    @Test
    void showsAChangeInItsStepsAndUndoesIt() throws Exception {
        inspected();
        Answer made = send(
                "PUT",
                "/v2/apps",
                "[{'id':'/shop/web','cmd':'run','ports':[],'dependencies':['db']},{'id':'/shop/db','cmd':'run','ports':[]}]");
        assertThat(made.status()).isEqualTo(200);
        String id = made.json().get("deploymentId").textValue();

        JsonNode plan = get("/v2/deployments").json().get(0);
        assertThat(plan.get("id").textValue()).isEqualTo(id);
        assertThat(plan.get("affectedApps")).extracting(JsonNode::textValue).containsExactly("/shop/db", "/shop/web");
        assertThat(plan.get("steps")).hasSize(3);
        assertThat(plan.at("/steps/0/actions/0/action").textValue()).isEqualTo("StartApplication");
        assertThat(plan.at("/steps/1/actions/0").toString())
                .isEqualTo("{\"action\":\"ScaleApplication\",\"app\":\"/shop/db\"}");
        assertThat(plan.get("currentStep").intValue()).isEqualTo(2);
        assertThat(plan.get("totalSteps").intValue()).isEqualTo(3);
        assertThat(plan.at("/currentActions/0/app").textValue()).isEqualTo("/shop/db");
        JsonNode explained = get("/v1/apps/shop/web/explain").json();
        assertThat(explained.get("waitsForApps"))
                .extracting(JsonNode::textValue)
                .containsExactly("/shop/db");
        assertThat(explained.get("summary").textValue()).contains("/shop/db");
        run("/shop/db");
        assertThat(get("/v2/deployments").json().get(0).get("currentStep").intValue())
                .isEqualTo(3);

        assertThat(send("DELETE", "/v2/deployments/nothing", null)
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("DeploymentPlan nothing does not exist");
        Answer undone = send("DELETE", "/v2/deployments/" + id, null);
        assertThat(undone.status()).isEqualTo(200);
        assertThat(undone.json().get("deploymentId").textValue()).isNotEqualTo(id);
        assertThat(get("/v2/deployments")
                        .json()
                        .get(0)
                        .at("/steps/0/actions/0/action")
                        .textValue())
                .isEqualTo("StopApplication");
        assertThat(get("/v2/apps/shop/web").status()).isEqualTo(404);
    }

    @Test
    void undoesAnUpgradeAndStopsOneWhereItIs() throws Exception {
        inspected();
        send("POST", "/v2/apps", "{'id':'/web','cmd':'one','ports':[]}");
        run("/web");
        String upgrade = send("PUT", "/v2/apps/web", "{'cmd':'two'}")
                .json()
                .get("deploymentId")
                .textValue();
        assertThat(get("/v2/deployments")
                        .json()
                        .get(0)
                        .at("/currentActions/0/action")
                        .textValue())
                .isEqualTo("RestartApplication");

        assertThat(send("DELETE", "/v2/deployments/" + upgrade, null).status()).isEqualTo(200);
        assertThat(app("/web").get("cmd").textValue()).isEqualTo("one");

        String again = get("/v2/deployments").json().at("/0/id").textValue();
        Answer stopped = send("DELETE", "/v2/deployments/" + again + "?force=true", null);
        assertThat(stopped.status()).isEqualTo(202);
        assertThat(stopped.text()).isEmpty();
        assertThat(get("/v2/deployments").json()).isEmpty();
    }

    @Test
    void saysWhichVolumeADeploymentWaitsFor() throws Exception {
        Claim claim = activated();
        update(claim.task(), Report.RUNNING, new MountReport(List.of()));
        JsonNode shown = app("/orders");
        assertThat(shown.at("/upgradeStrategy/minimumHealthCapacity").doubleValue())
                .isEqualTo(0.5);
        assertThat(shown.at("/upgradeStrategy/maximumOverCapacity").doubleValue())
                .isZero();
        assertThat(shown.has("unreachableStrategy")).as("what no time decides").isFalse();

        send("PUT", "/v2/apps/orders", "{'cmd':'other'}");

        JsonNode waits = get("/v2/deployments").json().at("/0/mooring/waitingFor/0");
        assertThat(waits.get("app").textValue()).isEqualTo("/orders");
        assertThat(waits.get("reason").textValue()).contains("volume orders-db is let go by task " + claim.task());
    }

    @Test
    void changesSeveralAppsTogetherOrNone() throws Exception {
        inspected();
        send("POST", "/v2/apps", "{'id':'/a','cmd':'one','ports':[]}");
        run("/a");

        Answer bad = send("PUT", "/v2/apps", "[{'id':'/a','instances':0},{'id':'/b','cmd':'x','cpus':-1}]");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().at("/details/0/path").textValue()).isEqualTo("(1)/cpus");
        assertThat(app("/a").get("instances").intValue()).isEqualTo(1);
        assertThat(send("PATCH", "/v2/apps", "[{'id':'/a','instances':0},{'id':'/b','instances':1}]")
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("App '/b' does not exist");
        assertThat(send("PATCH", "/v2/apps", "{}").status()).isEqualTo(422);

        Answer done = send("PATCH", "/v2/apps", "[{'id':'/a','labels':{'k':'v'}}]");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.headers().get("marathon-deployment-id"))
                .containsExactly(done.json().get("deploymentId").textValue());
        assertThat(app("/a").get("cmd").textValue()).as("stays as it was").isEqualTo("one");
        Answer replaced =
                send("PUT", "/v2/apps?force=true&partialUpdate=false", "[{'id':'/a','cmd':'two','ports':[]}]");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(app("/a").get("labels")).isEmpty();
    }

    @Test
    void tasksOfSeveralAppsGoInOneChangeWhenTheirAppsGetSmaller() throws Exception {
        inspected();
        send("POST", "/v2/apps", "{'id':'/a','cmd':'one','ports':[]}");
        send("POST", "/v2/apps", "{'id':'/b','cmd':'one','ports':[]}");
        run("/a");
        run("/b");
        String first = get("/v2/apps/a/tasks").json().at("/tasks/0/id").textValue();
        String second = get("/v2/apps/b/tasks").json().at("/tasks/0/id").textValue();

        Answer killed = send("POST", "/v2/tasks/delete?scale=true", "{'ids':['" + first + "','" + second + "']}");

        assertThat(killed.status()).isEqualTo(200);
        JsonNode deployments = get("/v2/deployments").json();
        assertThat(deployments).hasSize(1);
        assertThat(deployments.at("/0/id")).isEqualTo(killed.json().get("deploymentId"));
        assertThat(deployments.at("/0/affectedApps"))
                .extracting(JsonNode::textValue)
                .containsExactly("/a", "/b");
    }

    @Test
    void showsDefaultsAndTakesWhatItShowsBackWithoutNewTasks() throws Exception {
        inspected();
        send("POST", "/v2/apps", "{'id':'/web','cmd':'one'}");
        run("/web");
        ObjectNode shown = (ObjectNode) app("/web");
        assertThat(shown.at("/upgradeStrategy/maximumOverCapacity").doubleValue())
                .isEqualTo(1);
        assertThat(shown.at("/unreachableStrategy/inactiveAfterSeconds").intValue())
                .isZero();
        assertThat(shown.get("killSelection").textValue()).isEqualTo("YOUNGEST_FIRST");
        assertThat(shown.get("healthChecks")).isEmpty();
        assertThat(shown.at("/networks/0/mode").textValue()).isEqualTo("host");
        assertThat(shown.get("portDefinitions")).hasSize(1);

        Answer back = send(
                "PUT",
                "/v2/apps/web?partialUpdate=false",
                shown.put("instances", 2).toString());

        assertThat(back.status()).as(back.text()).isEqualTo(200);
        assertThat(get("/v2/deployments")
                        .json()
                        .at("/0/currentActions/0/action")
                        .textValue())
                .isEqualTo("ScaleApplication");
    }
}
