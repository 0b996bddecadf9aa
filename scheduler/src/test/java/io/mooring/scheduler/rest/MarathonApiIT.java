package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.task.Report;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Marathon's API over HTTP. */
class MarathonApiIT extends ServedApi {
    @Test
    void createsAnAppAsMarathonDoes() throws Exception {
        Answer created = send("POST", "/v2/apps", ORDERS);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers().get("location").get(0)).endsWith("/orders");
        JsonNode app = created.json();
        assertThat(created.headers().get("marathon-deployment-id"))
                .containsExactly(app.get("deployments").get(0).get("id").textValue());
        assertThat(keys(app))
                .contains(
                        "id",
                        "cmd",
                        "cpus",
                        "mem",
                        "disk",
                        "instances",
                        "env",
                        "labels",
                        "constraints",
                        "version",
                        "versionInfo",
                        "tasksStaged",
                        "tasksRunning",
                        "tasksHealthy",
                        "tasksUnhealthy",
                        "deployments",
                        "mooring");
        assertThat(app.get("mooring").get("notes").get(0).textValue()).contains("'rexray'", "'loop'");
        assertThat(get("/v2/apps").json().get("apps")).hasSize(1);
        assertThat(get("/v2/deployments")
                        .json()
                        .get(0)
                        .get("affectedApps")
                        .get(0)
                        .textValue())
                .isEqualTo("/orders");
    }

    @Test
    void showsAnAppWithItsTasks() throws Exception {
        activated();

        JsonNode app = get("/v2/apps//orders").json().get("app");
        assertThat(app.get("tasksStaged").intValue()).isEqualTo(1);
        JsonNode task = get("/v2/apps/orders/tasks").json().get("tasks").get(0);
        assertThat(task).isEqualTo(app.get("tasks").get(0));
        assertThat(keys(task))
                .contains("id", "appId", "host", "slaveId", "ports", "state", "stagedAt", "startedAt", "version");
        assertThat(task.get("state").textValue()).isEqualTo("TASK_STARTING");
        assertThat(task.get("zone").textValue()).isEqualTo("zone-1");
        String time = "[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z";
        assertThat(task.get("stagedAt").textValue()).matches(time);
        assertThat(task.get("version").textValue()).matches(time);
        assertThat(app.at("/versionInfo/lastScalingAt").textValue()).matches(time);
        assertThat(app.get("executor").textValue()).isEmpty();
        assertThat(app.get("gpus").intValue()).isZero();
        assertThat(get("/v2/apps/orders/versions/yesterday").status()).isEqualTo(422);
        assertThat(get("/v2/apps/orders/versions/2020-01-01T00:00:00.000Z")
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("App '/orders' does not exist in version 2020-01-01T00:00:00.000Z");
    }

    /** Where something is wrong, with Marathon's word for it. */
    private static List<String> details(Answer answer) throws Exception {
        List<String> details = new ArrayList<>();
        answer.json()
                .get("details")
                .forEach(detail -> details.add(detail.get("path").textValue() + " "
                        + detail.at("/errors/0").textValue()));
        return details;
    }

    @Test
    void tellsWrongTypesInMarathonsWordsAndInItsOwn() throws Exception {
        Answer wrong = send(
                "POST",
                "/v2/apps",
                "{'cmd':7,'cpus':'1','instances':1.5,'requirePorts':'no','ports':{},'container':[],'mem':-1,'user':1}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().get("message").textValue()).isEqualTo("Invalid JSON");
        assertThat(details(wrong))
                .containsExactlyInAnyOrder(
                        "/id error.path.missing",
                        "/cmd error.expected.jsstring",
                        "/cpus error.expected.jsnumber",
                        "/instances error.expected.int",
                        "/requirePorts error.expected.jsboolean",
                        "/ports error.expected.jsarray",
                        "/container error.expected.jsobject",
                        "/user error.expected.jsstring");
        assertThat(wrong.text()).contains("expected: a number from 0.001 to 100000");
        assertThat(wrong.json().at("/mooring/details/0/path").textValue()).isEqualTo("/mem");
        assertThat(details(send("POST", "/v2/apps", "[]"))).containsExactly(" error.expected.jsobject");
        assertThat(details(send("PUT", "/v2/apps", "{}"))).containsExactly(" error.expected.jsarray");
        assertThat(details(send("PATCH", "/v2/apps", "[{'id':5},'x']")))
                .containsExactly("(0)/id error.expected.jsstring", "(1) error.expected.jsobject");
        assertThat(details(send("PUT", "/v2/apps/web", "{'id':5,'cmd':'run'}")))
                .containsExactly("/id error.expected.jsstring");
        assertThat(details(send("POST", "/v2/groups", "{'id':'/g','apps':[{'id':7},3,{'cmd':'x'}],'groups':{}}")))
                .containsExactly(
                        "/apps(0)/id error.expected.jsstring",
                        "/apps(1) error.expected.jsobject",
                        "/apps(2)/id error.path.missing",
                        "/groups error.expected.jsarray");
        assertThat(details(send("PUT", "/v2/groups/g", "[]"))).containsExactly(" error.expected.jsobject");
        assertThat(details(send("POST", "/v2/groups", "{'id':7}"))).containsExactly("/id error.expected.jsstring");
    }

    @Test
    void changesAnAppByTheFieldsThatAreGiven() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','cpus':0.5}");

        Answer locked = send("PUT", "/v2/apps/web", "{'instances':3}");
        assertThat(locked.status()).isEqualTo(409);
        assertThat(locked.json().get("deployments").get(0).get("id").isTextual())
                .isTrue();
        Answer changed = send("PUT", "/v2/apps/web?force=true", "{'instances':3}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(keys(changed.json())).contains("version", "deploymentId");
        JsonNode app = get("/v2/apps/web").json().get("app");
        assertThat(app.get("instances").intValue()).isEqualTo(3);
        assertThat(app.get("cpus").doubleValue()).isEqualTo(0.5);
        Answer made = send("PUT", "/v2/apps/new", "{'cmd':'run'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().get("location").get(0)).endsWith("/new");
    }

    @Test
    void deletesAndRestarts() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','instances':0}");

        assertThat(send("POST", "/v2/apps/web/restart", null).status()).isEqualTo(200);
        assertThat(send("DELETE", "/v2/apps/web", null).status()).isEqualTo(200);
        assertThat(get("/v2/apps/web").status()).isEqualTo(404);
    }

    @Test
    void tellsRefusalsAsMarathonDoes() throws Exception {
        Answer malformed = send("POST", "/v2/apps", "{'id':");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.json().get("message").textValue()).isEqualTo("Invalid JSON");
        assertThat(malformed.json().get("details").textValue()).contains("line 1");
        Answer invalid = send("POST", "/v2/apps", "{'id':'/web','cmd':'run','env':{'DVDI_VOLUME_NAME':'../x'}}");
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(invalid.json().get("message").textValue()).isEqualTo("Object is not valid");
        assertThat(invalid.json().get("details").get(0).get("path").textValue()).isEqualTo("/env/DVDI_VOLUME_NAME");
        assertThat(invalid.json().get("details").get(0).get("errors").get(0).textValue())
                .contains("expected:");
        send("POST", "/v2/apps", "{'id':'/shop/db','cmd':'run','instances':0}");
        Answer both = send("POST", "/v2/apps", "{'id':'/shop','cmd':'run'}");
        assertThat(both.status()).isEqualTo(422);
        assertThat(both.json().at("/details/0/path").textValue()).isEqualTo("/id");
        assertThat(both.text()).contains("is a group, or lies below an app");
        send("DELETE", "/v2/apps/shop/db", null);
        for (String path : List.of("/v2/apps", "/v2/groups", "/v2/tasks/delete")) {
            Answer nothing = send("POST", path, "");
            assertThat(nothing.status()).as(path).isEqualTo(400);
            assertThat(nothing.json().get("message").textValue()).isEqualTo("Please specify data in JSON format");
        }
        assertThat(get("/v2/apps/none").json().get("message").textValue()).isEqualTo("App '/none' does not exist");
        assertThat(send("DELETE", "/v2/apps/none", null).status()).isEqualTo(404);
        assertThat(send("POST", "/v2/apps/none/restart", null).status()).isEqualTo(404);
        assertThat(get("/v2/apps/none/tasks").status()).isEqualTo(404);
        assertThat(get("/v2/nonsense").status()).isEqualTo(404);
        assertThat(keys(get("/v2/nonsense").json())).containsExactly("message");
        assertThat(get("/v2/nonsense").json().get("message").textValue()).isEqualTo("URI not found");
        Answer method = send("PUT", "/v2/queue", "{}");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.json().get("message").textValue()).isEqualTo("Method Not Allowed");
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run'}");
        assertThat(send("POST", "/v2/apps", "{'id':'/web','cmd':'run'}").status())
                .isEqualTo(409);
        assertThat(get("/v2/apps").json().get("apps")).hasSize(1);
    }

    @Test
    void tellsWhatWaitsInTheQueue() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','cpus':64}");
        offer();

        JsonNode item = get("/v2/queue").json().get("queue").get(0);

        assertThat(item.get("count").intValue()).isEqualTo(1);
        assertThat(item.get("role").textValue()).isEqualTo("*");
        assertThat(item.at("/app/role").textValue()).isEqualTo("*");
        assertThat(keys(item.get("app"))).contains("version", "versionInfo", "upgradeStrategy");
        assertThat(keys(item)).contains("app", "count", "delay", "since", "processedOffersSummary");
        assertThat(item.get("delay").get("overdue").booleanValue()).isTrue();
        assertThat(item.at("/processedOffersSummary/rejectSummaryLastOffers/0/reason")
                        .textValue())
                .isEqualTo("RESOURCES");
        assertThat(item.has("lastUnusedOffers")).isFalse();
        JsonNode unused = get("/v2/queue?embed=lastUnusedOffers").json().at("/queue/0/lastUnusedOffers/0");
        assertThat(unused.at("/reason/0").textValue()).isEqualTo("RESOURCES");
        assertThat(unused.at("/offer/agentId").textValue()).isNotBlank();
    }

    @Test
    void servesTheSchemaOfADefinition() throws Exception {
        JsonNode schema = get("/v1/schema/app").json();

        assertThat(schema.get("$id").textValue()).isEqualTo("urn:mooring:app");
        assertThat(keys(schema.get("properties"))).contains("container", "healthChecks", "unreachableStrategy");
    }

    @Test
    void servesItsMetricsAsMarathonDoes() throws Exception {
        JsonNode metrics = get("/metrics").json();

        assertThat(keys(metrics)).containsExactly("version", "gauges", "counters", "histograms", "meters", "timers");
        assertThat(keys(metrics.get("gauges")))
                .anySatisfy(name -> assertThat(name).startsWith("mooring.discrepancies."));
        assertThat(metrics.get("timers")).isNotEmpty();
    }

    @Test
    void tellsAboutItself() throws Exception {
        JsonNode info = get("/v2/info").json();
        assertThat(info.get("elected").booleanValue()).isTrue();
        assertThat(keys(info))
                .contains(
                        "name",
                        "version",
                        "leader",
                        "frameworkId",
                        "marathon_config",
                        "zookeeper_config",
                        "http_config");
        assertThat(info.at("/zookeeper_config/zk").textValue()).isEqualTo("zk://zk1:2181,zk2:2181/mooring");
        JsonNode settings = info.get("marathon_config");
        assertThat(settings.at("/features/0").textValue()).isEqualTo("external_volumes");
        assertThat(settings.get("master").textValue()).isEqualTo("m1:5050,m2:5050");
        assertThat(settings.get("mesos_role").textValue()).isEqualTo("*");
        assertThat(settings.get("failover_timeout").longValue()).isEqualTo(28 * 24 * 3600);
        assertThat(settings.get("checkpoint").booleanValue()).isTrue();
        assertThat(settings.get("launch_token").isNull()).isTrue();
        // All names of Marathon 1.11.
        assertThat(settings).hasSize(41);
        assertThat(info.get("zookeeper_config")).hasSize(8);
        assertThat(info.at("/zookeeper_config/zk_session_timeout").longValue()).isEqualTo(20_000);
        assertThat(info.at("/http_config/http_port").intValue()).isEqualTo(8080);
        assertThat(info.at("/http_config/https_port").isNull()).isTrue();
        Answer leader = get("/v2/leader");
        assertThat(leader.text()).isEqualTo("{\"leader\":\"127.0.0.1:8080\"}");
        assertThat(leader.headers().get("x-marathon-leader")).containsExactly("http://127.0.0.1:8080");
    }

    @Test
    void listsTheAppsThatAreAskedFor() throws Exception {
        send("POST", "/v2/apps", "{'id':'/shop/web','cmd':'serve','labels':{'tier':'front'}}");
        send("POST", "/v2/apps", "{'id':'/shop/db','cmd':'store','labels':{'tier':'back'}}");
        send("POST", "/v2/apps", "{'id':'/other','cmd':'serve'}");

        assertThat(ids("/v2/apps?id=SHOP", "apps")).containsExactly("/shop/db", "/shop/web");
        assertThat(ids("/v2/apps?cmd=ERV", "apps")).containsExactly("/other", "/shop/web");
        assertThat(ids("/v2/apps?label=tier!=front", "apps")).containsExactly("/shop/db");
        assertThat(ids("/v2/apps?id=shop&cmd=serve&label=tier", "apps")).containsExactly("/shop/web");
        assertThat(ids("/v2/apps/shop/*", "*")).containsExactly("/shop/db", "/shop/web");
        assertThat(ids("/v2/apps/*", "*")).hasSize(3);
        assertThat(get("/v2/apps//none/*").json().get("message").textValue()).isEqualTo("Group '/none' does not exist");
        Answer wrong = get("/v2/apps?label=a%3D");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().get("message").textValue()).contains("label selector 'a='", "key==value");
    }

    private List<String> ids(String path, String list) throws Exception {
        List<String> ids = new ArrayList<>();
        get(path).json().get(list).forEach(app -> ids.add(app.get("id").textValue()));
        return ids;
    }

    @Test
    void embedsWhatIsAskedFor() throws Exception {
        activated();

        assertThat(get("/v2/apps").json().get("apps").get(0).has("tasks")).isFalse();
        JsonNode embedded = get("/v2/apps?embed=apps.tasks&embed=apps.taskStats")
                .json()
                .get("apps")
                .get(0);
        assertThat(embedded.get("tasks")).hasSize(1);
        assertThat(embedded.at("/taskStats/totalSummary/stats/counts/staged").intValue())
                .isEqualTo(1);
        assertThat(embedded.get("taskStats").has("withOutdatedConfig")).isFalse();
        assertThat(embedded.get("tasksStats")).isEqualTo(embedded.get("taskStats"));
        assertThat(get("/v2/apps?embed=tasks").json().at("/apps/0/tasks")).hasSize(1);
        assertThat(get("/v2/apps?embed=app.failures").json().at("/apps/0/tasks"))
                .hasSize(1);
        assertThat(get("/v2/apps?embed=apps.readiness").json().at("/apps/0/readinessCheckResults"))
                .isEmpty();
        JsonNode one = get("/v2/apps/orders?embed=app.counts").json().get("app");
        assertThat(keys(one)).as("always with one app").contains("tasks", "tasksRunning", "deployments");
    }

    @Test
    void patchesOnlyWhatIsThere() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','cpus':0.5}");

        assertThat(send("PATCH", "/v2/apps/web?force=true", "{'instances':0}").status())
                .isEqualTo(200);

        JsonNode app = get("/v2/apps/web").json().get("app");
        assertThat(app.get("instances").intValue()).isZero();
        assertThat(app.get("cpus").doubleValue()).isEqualTo(0.5);
        assertThat(send("PATCH", "/v2/apps/none", "{'instances':0}").status()).isEqualTo(404);
    }

    @Test
    void endsTasksAndStartsOthersInTheirPlace() throws Exception {
        Claim claim = activated();

        Answer other = send("DELETE", "/v2/apps/orders/tasks?host=elsewhere", null);
        assertThat(other.json().get("tasks")).isEmpty();
        Answer killed = send("DELETE", "/v2/apps/orders/tasks", null);

        assertThat(killed.json().get("tasks").get(0).get("id").textValue())
                .isEqualTo(claim.task().value());
        assertThat(get("/v2/apps/orders").json().get("app").get("instances").intValue())
                .isEqualTo(1);
        assertThat(send("DELETE", "/v2/apps/orders/tasks?scale=true&wipe=true", null)
                        .text())
                .contains("You cannot use scale and wipe at the same time.");
        assertThat(send("DELETE", "/v2/apps/orders/tasks/none", null)
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("Task 'none' does not exist");
        assertThat(send("DELETE", "/v2/apps/none/tasks", null).status()).isEqualTo(404);
    }

    @Test
    void makesAnAppSmallerByTheTasksThatItEnds() throws Exception {
        Claim claim = activated();

        Answer locked = send("DELETE", "/v2/apps/orders/tasks/" + claim.task() + "?scale=true", null);
        assertThat(locked.status()).isEqualTo(409);
        Answer scaled = send("DELETE", "/v2/apps/orders/tasks/" + claim.task() + "?scale=true&force=true", null);

        assertThat(keys(scaled.json())).contains("version", "deploymentId");
        assertThat(get("/v2/apps/orders").json().get("app").get("instances").intValue())
                .isZero();
    }

    @Test
    void listsAndEndsTheTasksOfAllApps() throws Exception {
        Claim claim = activated();

        JsonNode tasks = get("/v2/tasks").json().get("tasks");
        assertThat(tasks).hasSize(1);
        assertThat(tasks.get(0).get("role").textValue()).isEqualTo("*");
        assertThat(tasks.get(0).get("region").textValue()).isEqualTo("north");
        assertThat(tasks.get(0).get("zone").textValue()).isEqualTo("zone-1");
        assertThat(get("/v2/tasks?status=staging").json().get("tasks")).hasSize(1);
        assertThat(get("/v2/tasks?status[]=Running").json().get("tasks")).isEmpty();
        assertThat(get("/v2/tasks?status=else").json().get("tasks")).hasSize(1);
        assertThat(get("/v2/apps//*/tasks").json().get("tasks")).hasSize(1);
        assertThat(get("/v2/apps/none/*/tasks").status()).isEqualTo(404);
        Answer number = send("POST", "/v2/tasks/delete", "{'ids':[7]}");
        assertThat(number.status()).isEqualTo(422);
        assertThat(details(number)).containsExactly("/ids(0) error.expected.jsstring");
        assertThat(details(send("POST", "/v2/tasks/delete", "{}"))).containsExactly("/ids error.path.missing");
        Answer wrong = send("POST", "/v2/tasks/delete", "{'ids':['nobody']}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().get("message").textValue()).startsWith("Invalid task id 'nobody'.");
        assertThat(send("POST", "/v2/tasks/delete", "{'ids':['orders.1-gone']}")
                        .json()
                        .get("tasks"))
                .isEmpty();

        Answer killed = send("POST", "/v2/tasks/delete", "{'ids':['" + claim.task() + "','orders.1-gone']}");

        assertThat(killed.json().get("tasks")).hasSize(1);
    }

    @Test
    void tellsLoadBalancersWhereAppsRun() throws Exception {
        Claim claim = activated();
        update(claim.task(), Report.RUNNING, new MountReport(List.of()));
        send("POST", "/v2/apps", "{'id':'/shop/web','cmd':'run','ports':[8080],'instances':0}");

        send("POST", "/v2/apps", "{'id':'/two','cmd':'run','portDefinitions':[{'port':9000},{'port':0}]}");
        offer();
        assertThat(get("/v2/tasks?status=staging")
                        .json()
                        .at("/tasks/0/servicePorts")
                        .toString())
                .isEqualTo("[9000,0]");

        String lines = lines("/v2/tasks");

        assertThat(lines).isEqualTo("orders\t \ta1.example \nshop_web\t8080\t\ntwo\t9000\t\ntwo\t0\t\n");
        assertThat(lines("/v2/apps/orders/tasks")).isEqualTo("orders\t \ta1.example \n");
    }

    private String lines(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri(path)).header("Accept", "text/plain").build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void launchesAtOnceWhenTheDelayIsReset() throws Exception {
        inspected();
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','ports':[],'backoffSeconds':60}");
        offer();
        TaskId task = new TaskId(get("/v2/tasks").json().at("/tasks/0/id").textValue());
        update(task, Report.FAILED, new ReleaseRecord(new MachineKey("m1"), new BootId("b1"), List.of()));
        assertThat(get("/v2/queue").json().at("/queue/0/delay/overdue").booleanValue())
                .isFalse();

        assertThat(send("DELETE", "/v2/queue//web/delay", null).status()).isEqualTo(204);

        assertThat(get("/v2/queue").json().at("/queue/0/delay/overdue").booleanValue())
                .isTrue();
        assertThat(send("DELETE", "/v2/queue/none/delay", null).status()).isEqualTo(404);
        send("PUT", "/v2/apps/web?force=true", "{'instances':0}");
        assertThat(send("DELETE", "/v2/queue/web/delay", null)
                        .json()
                        .get("message")
                        .textValue())
                .isEqualTo("Application /web not found in tasks queue.");
    }

    @Test
    void givesTheLeadershipUp() throws Exception {
        assertThat(send("DELETE", "/v2/leader?backup=file:///b", null).status()).isEqualTo(422);
        assertThat(send("DELETE", "/v2/leader", null).json().get("message").textValue())
                .isEqualTo("Leadership abdicated");
        assertThat(LeaderOfATest.ABDICATIONS).hasPositiveValue();
    }

    @Test
    void anOldFormGivesWayToTheNewOneOfAChange() throws Exception {
        send("POST", "/v2/apps", "{'id':'/web','cmd':'run','instances':0,'ports':[8080],'uris':['http://x/a.tgz']}");

        assertThat(send(
                                "PUT",
                                "/v2/apps/web",
                                "{'portDefinitions':[{'port':9090,'name':'http'}],'fetch':[{'uri':'http://x/b'}]}")
                        .status())
                .isEqualTo(200);

        JsonNode app = get("/v2/apps/web").json().get("app");
        assertThat(app.at("/portDefinitions/0/port").intValue()).isEqualTo(9090);
        assertThat(app.at("/fetch/0/uri").textValue()).isEqualTo("http://x/b");
        assertThat(app.has("ports") || app.has("uris")).isFalse();
    }

    @Test
    void takesTheFrameworksRoleOrTheTopmostGroupsOnly() throws Exception {
        Answer answer = send("POST", "/v2/apps", "{'id':'/shop/web','cmd':'run','role':'moon'}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/details/0/path").textValue()).isEqualTo("/role");
        assertThat(answer.text()).contains("neither a role of the framework nor the app's topmost group", "* or shop");

        for (String taken : List.of("*", "shop")) {
            String body = "{'id':'/shop/web-" + taken.length() + "','cmd':'run','role':'" + taken + "'}";
            assertThat(send("POST", "/v2/apps", body).status()).isEqualTo(201);
        }
    }

    @Test
    void refusesResourcesOfARoleThatIsNeverOffered() throws Exception {
        JsonNode answer = send("POST", "/v2/apps", "{'id':'/web','cmd':'run','acceptedResourceRoles':['*','moon']}")
                .json();

        assertThat(answer.at("/details/0/path").textValue()).isEqualTo("/acceptedResourceRoles");
    }

    @Test
    void tellsTheHealthOfTasks() throws Exception {
        inspected();
        String check = "{'protocol':'COMMAND','command':{'value':'test -f up'}}";
        assertThat(send("POST", "/v2/apps", "{'id':'/web','cmd':'run','ports':[],'healthChecks':[" + check + "]}")
                        .status())
                .isEqualTo(201);
        offer();
        TaskId task = new TaskId(
                get("/v2/apps/web/tasks").json().get("tasks").get(0).get("id").textValue());
        update(task, Report.RUNNING, new MountReport(List.of()));
        assertThat(get("/v2/apps/web/tasks").json().at("/tasks/0/healthCheckResults"))
                .isEmpty();

        health(task, TaskHealth.Verdict.HEALTHY, "");
        JsonNode app =
                get("/v2/apps/web?embed=app.tasks&embed=app.taskStats").json().get("app");
        assertThat(app.get("tasksHealthy").intValue()).isEqualTo(1);
        assertThat(app.at("/taskStats/totalSummary/stats/counts/healthy").intValue())
                .isEqualTo(1);
        assertThat(app.at("/tasks/0/healthCheckResults/0/alive").booleanValue()).isTrue();

        health(task, TaskHealth.Verdict.UNHEALTHY, "exit status 1");
        JsonNode sick = get("/v2/apps/web").json().get("app");
        assertThat(sick.get("tasksUnhealthy").intValue()).isEqualTo(1);
        JsonNode result = sick.at("/tasks/0/healthCheckResults/0");
        assertThat(result.get("alive").booleanValue()).isFalse();
        assertThat(result.get("consecutiveFailures").intValue()).isEqualTo(1);
        assertThat(result.get("lastFailureCause").textValue()).isEqualTo("exit status 1");
        assertThat(result.get("lastSuccess").isTextual()).isTrue();
    }
}
