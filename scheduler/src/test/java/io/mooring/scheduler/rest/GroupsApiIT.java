package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Groups over HTTP. */
class GroupsApiIT extends ServedApi {
    private static final String SHOP =
            "{'id':'/shop','dependencies':['/mail'],'apps':[{'id':'web','cmd':'run','ports':[],'instances':2}],"
                    + "'groups':[{'id':'data','apps':[{'id':'db','cmd':'run','ports':[]}]}]}";

    @Test
    void makesShowsScalesAndRemovesAGroup() throws Exception {
        assertThat(get("/v2/groups").json().get("apps")).isEmpty();
        Answer made = send("POST", "/v2/groups", SHOP);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().get("location").get(0)).endsWith("/shop");
        assertThat(made.headers().get("marathon-deployment-id"))
                .containsExactly(made.json().get("deploymentId").textValue());
        assertThat(get("/v2/deployments").json()).hasSize(1);

        JsonNode root = get("/v2/groups").json();
        assertThat(root.get("id").textValue()).isEqualTo("/");
        assertThat(root.at("/groups/0/id").textValue()).isEqualTo("/shop");
        JsonNode shop = get("/v2/groups//shop").json();
        assertThat(shop).isEqualTo(root.at("/groups/0"));
        assertThat(shop.at("/apps/0/id").textValue()).isEqualTo("/shop/web");
        assertThat(shop.at("/apps/0/dependencies/0").textValue()).isEqualTo("/mail");
        assertThat(shop.at("/groups/0/apps/0/id").textValue()).isEqualTo("/shop/data/db");
        assertThat(shop.get("pods")).isEmpty();
        JsonNode groups = get("/v2/groups/shop?embed=group.groups").json();
        assertThat(groups.has("apps")).isFalse();
        assertThat(groups.at("/groups/0/id").textValue()).isEqualTo("/shop/data");
        JsonNode apps =
                get("/v2/groups/shop?embed=group.apps&embed=group.apps.tasks").json();
        assertThat(apps.has("groups")).isFalse();
        assertThat(apps.at("/apps/0/tasks")).isEmpty();
        assertThat(get("/v2/groups/shop/apps").json()).hasSize(2);
        assertThat(get("/v2/groups/apps").json()).hasSize(2);
        assertThat(get("/v2/groups/none/apps").status()).isEqualTo(404);
        assertThat(get("/v2/groups/shop/versions").json().get("message").textValue())
                .contains("no versions");
        assertThat(send("PATCH", "/v2/groups/shop", "{'enforceRole':true}").status())
                .isEqualTo(422);
        assertThat(send("PATCH", "/v2/groups/none", "{'enforceRole':true}").status())
                .isEqualTo(404);
        assertThat(get("/v2/groups/none").json().get("message").textValue()).isEqualTo("Group '/none' does not exist");
        Answer again = send("POST", "/v2/groups", SHOP);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().get("message").textValue()).contains("already created");

        assertThat(send("PUT", "/v2/groups/shop", "{'scaleBy':1.5}").status())
                .as("locked")
                .isEqualTo(409);
        assertThat(send("PUT", "/v2/groups/shop?force=true", "{'scaleBy':1.5}").status())
                .isEqualTo(200);
        assertThat(get("/v2/apps/shop/web").json().at("/app/instances").intValue())
                .isEqualTo(3);
        assertThat(get("/v2/apps/shop/data/db").json().at("/app/instances").intValue())
                .isEqualTo(2);

        Answer smaller = send(
                "PUT",
                "/v2/groups/shop?force=true",
                "{'apps':[{'id':'/shop/mail','cmd':'run','ports':[]}],'groups':[]}");
        assertThat(smaller.status()).isEqualTo(200);
        assertThat(get("/v2/apps/shop/*").json().get("*")).hasSize(1);
        assertThat(get("/v2/groups/shop").json().get("groups")).isEmpty();
        assertThat(send("DELETE", "/v2/groups/shop?force=true", null).status()).isEqualTo(200);
        assertThat(get("/v2/groups/shop").status()).isEqualTo(404);
        assertThat(send("DELETE", "/v2/groups/shop", null).status()).isEqualTo(404);
    }

    @Test
    void makesAndRemovesGroupsWithoutApps() throws Exception {
        Answer made = send("POST", "/v2/groups", "{'id':'/team','groups':[{'id':'blue'},{'id':'red'}]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().get("location").get(0)).endsWith("/team");
        assertThat(made.headers().get("marathon-deployment-id"))
                .containsExactly(made.json().get("deploymentId").textValue());
        assertThat(get("/v2/deployments").json()).isEmpty();
        JsonNode team = get("/v2/groups/team").json();
        assertThat(team.get("apps")).isEmpty();
        assertThat(team.get("version")).isEqualTo(made.json().get("version"));
        assertThat(team.get("groups").findValuesAsText("id")).containsExactly("/team/blue", "/team/red");
        assertThat(get("/v2/groups").json().at("/groups/0")).isEqualTo(team);
        assertThat(get("/v2/apps/team/*").json().get("*")).isEmpty();
        assertThat(get("/v2/apps/team/*/tasks").json().get("tasks")).isEmpty();
        assertThat(send("POST", "/v2/groups", "{'id':'/team'}").status()).isEqualTo(409);
        assertThat(send("POST", "/v2/apps", "{'id':'/team','cmd':'run'}").status())
                .as("an id is an app's or a group's")
                .isEqualTo(422);

        assertThat(send("POST", "/v2/apps", "{'id':'/team/blue/web','cmd':'run','ports':[],'instances':0}")
                        .status())
                .isEqualTo(201);
        assertThat(send("POST", "/v2/groups", "{'id':'/team/blue/web/deep'}").status())
                .isEqualTo(409);
        send("DELETE", "/v2/apps/team/blue/web", null);
        assertThat(get("/v2/groups/team/blue").status())
                .as("it was asked for, and stays")
                .isEqualTo(200);

        assertThat(send("PUT", "/v2/groups/team", "{'groups':[{'id':'red'}]}").status())
                .isEqualTo(200);
        assertThat(get("/v2/groups/team/blue").status()).isEqualTo(404);
        assertThat(send("DELETE", "/v2/groups/team", null).status()).isEqualTo(200);
        assertThat(get("/v2/groups/team/red").status()).isEqualTo(404);
        assertThat(get("/v2/groups").json().get("groups")).isEmpty();
    }

    @Test
    void tellsTheStepsOfAChangeThatIsNotMade() throws Exception {
        send("POST", "/v2/apps", "{'id':'/shop/old','cmd':'run','ports':[],'instances':0}");
        String before = get("/v2/groups").text();

        Answer steps = send("PUT", "/v2/groups/shop?dryRun=true", SHOP);

        assertThat(steps.status()).isEqualTo(200);
        assertThat(steps.headers()).doesNotContainKey("marathon-deployment-id");
        assertThat(steps.json().at("/steps/0/actions/0/action").textValue()).isEqualTo("StopApplication");
        assertThat(steps.json().at("/steps/0/actions/0/app").textValue()).isEqualTo("/shop/old");
        assertThat(steps.json().at("/steps/1/actions").findValuesAsText("action"))
                .containsExactly("StartApplication", "StartApplication");
        assertThat(send("PUT", "/v2/groups?dryRun=true", "{'id':'/new'}").json().get("steps"))
                .isEmpty();
        assertThat(send("PUT", "/v2/groups/shop?dryRun=true", "{'apps':[{'id':'a','cmd':'x','cpus':-1}]}")
                        .status())
                .isEqualTo(422);
        assertThat(get("/v2/groups").text()).isEqualTo(before);
    }

    @Test
    void refusesAGroupAsAWhole() throws Exception {
        Answer bad = send(
                "POST",
                "/v2/groups",
                "{'id':'/shop','apps':[{'id':'a','cmd':'x'}],'groups':[{'id':'b','apps':[{'id':'c','cmd':'x','cpus':-1}]}]}");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().at("/details/0/path").textValue()).isEqualTo("/groups(0)/apps(0)/cpus");

        Answer same = send(
                "POST",
                "/v2/groups",
                "{'id':'/shop','apps':[{'id':'a','cmd':'x','env':{'DVDI_VOLUME_NAME':'data','DVDI_VOLUME_DRIVER':'loop'}},"
                        + "{'id':'b','cmd':'x','env':{'DVDI_VOLUME_NAME':'data','DVDI_VOLUME_DRIVER':'loop'}}]}");
        assertThat(same.status()).isEqualTo(422);
        assertThat(same.json().at("/details/0/path").textValue()).startsWith("/apps(0)/env/DVDI_VOLUME_");
        assertThat(send("POST", "/v2/groups", "{'id':'/shop','apps':[{'id':'/mail/x','cmd':'x'}]}")
                        .json()
                        .at("/details/0/path")
                        .textValue())
                .isEqualTo("/apps(0)/id");
        assertThat(send("PUT", "/v2/groups/shop", "{'version':'2020-01-01T00:00:00.000Z'}")
                        .status())
                .isEqualTo(422);
        assertThat(get("/v2/apps").json().get("apps")).isEmpty();
    }
}
