package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.testkit.OddValues;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is sent, the answer is a refusal in the form that the API promises, or what was asked for; never a failure. */
class OddRequestsIT extends ServedApi {
    private static final String APP =
            "{'id':'/shop','cmd':'run','instances':1,'ports':[0],'env':{'A':'b'},'constraints':[['hostname','UNIQUE']]}";
    private static final String CLAIM =
            "{'id':'c1','framework':'f1','task':'t1','agent':'a1','machine':'m1','bootId':'b1',"
                    + "'volumes':[{'driver':'loop','name':'v1','mode':'RW'}],'highWater':{'v1':1}}";

    private record Request(String method, String path, String body) {}

    private static final List<Request> REQUESTS = List.of(
            new Request("POST", "/v2/apps", APP),
            new Request("PUT", "/v2/apps", "[" + APP + "]"),
            new Request("PATCH", "/v2/apps", "[" + APP + "]"),
            new Request("PUT", "/v2/apps/shop", APP),
            new Request("PATCH", "/v2/apps/shop", APP),
            new Request("PUT", "/v2/apps/shop", "{'version':'2026-01-01T00:00:00.000Z'}"),
            new Request("POST", "/v2/groups", "{'id':'/g','apps':[" + APP + "],'groups':[{'id':'h'}]}"),
            new Request("PUT", "/v2/groups/g", "{'apps':[],'groups':[{'id':'h','dependencies':['/g']}]}"),
            new Request("PUT", "/v2/groups/g?dryRun=true", "{'scaleBy':2}"),
            new Request("POST", "/v2/tasks/delete", "{'ids':['shop.1']}"),
            new Request(
                    "POST",
                    "/v1/volumes",
                    "{'name':'v1','driver':'loop','options':{'size':'1'},'accessMode':'single-writer'}"),
            new Request("POST", "/v1/volumes/v1/import", "{'driver':'loop'}"),
            new Request("POST", "/v1/volumes/v1/clear", "{'reason':'seen to'}"),
            new Request("POST", "/v1/volumes/v1/claim/release", "{'machine':'m1','reason':'burnt'}"),
            new Request("POST", "/v1/claims", CLAIM),
            new Request(
                    "POST",
                    "/v1/claims/c1/activate",
                    "{'type':'activate','claims':[{'claim':'c1','fence':1}],'machine':'m1','boot':'b1'}"),
            new Request(
                    "PUT", "/v1/claims/c1/heartbeat", "{'type':'mounted','volumes':[{'claim':'c1','volume':'v1'}]}"),
            new Request("POST", "/v1/claims/c1/release", "{'type':'release','machine':'m1','boot':'b1','volumes':[]}"),
            new Request("PUT", "/v1/brake", "{'on':false,'reason':'over'}"));

    @Test
    void ofAnyBodyIsAnswered() throws Exception {
        for (Request request : REQUESTS) {
            List<String> bodies =
                    new ArrayList<>(List.of("", " ", "{", "[", "{}", "[]", "1", "null", "\"a\"", "{\"a\":1}}"));
            OddValues.inPlaceOfEach(
                    JSON.readTree(request.body().replace('\'', '"')), changed -> bodies.add(changed.toString()));
            for (String odd : bodies) {
                check(send(request.method(), request.path(), odd), request.path(), odd);
            }
        }
    }

    @Test
    void ofAnyPathAndQueryIsAnswered() throws Exception {
        List<String> odd = List.of(
                "%00", "..", "%2e%2e%2f", "a%2Fb", "%20", "%C3%28", "A_B", "-", "%22", "a".repeat(300), "*", "%25");
        for (String path : List.of(
                "/v2/apps/",
                "/v2/apps?id=",
                "/v2/apps?label=",
                "/v2/apps?embed=",
                "/v2/groups/",
                "/v2/tasks?status=",
                "/v2/queue?embed=",
                "/v2/deployments/",
                "/v1/volumes/",
                "/v1/apps/",
                "/")) {
            for (String text : odd) {
                check(get(path + text), path, text);
            }
        }
        for (String path : List.of("/v2/apps/", "/v2/groups/", "/v2/deployments/", "/v1/volumes/")) {
            for (String text : odd) {
                check(send("DELETE", path + text, null), path, text);
            }
        }
    }

    private static void check(Answer answer, String path, String odd) {
        assertThat(answer.status())
                .as("%s with %s: %s", path, odd, answer.text())
                .isLessThan(500);
        if (answer.status() >= 400) {
            assertThat(answer.type())
                    .as("%s with %s: %s", path, odd, answer.text())
                    .contains("json");
            assertThat(answer.text())
                    .as("%s with %s", path, odd)
                    .contains(path.startsWith("/v1") ? "title" : "message");
        }
    }
}
