package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** The claim service over HTTP, with the bodies that docs/claims-api.md shows. */
class ClaimsIT extends ServedApi {
    private static final String ORDER = "{'v':1,'id':'%s','framework':'marathon-1','task':'shop.%s','agent':'a1',"
            + "'machine':'m1','bootId':'b1','volumes':[{'driver':'rexray','volume':'orders-db',"
            + "'options':{'size':'5'},'containerPath':'/data','mode':'RW','access':'single-writer',"
            + "'create':'ifMissing'}],'highWater':{'orders-db':0},'highestEpoch':0}";

    private static String order(String id) {
        return ORDER.formatted(id, id);
    }

    private static String activation(String task, JsonNode granted) {
        JsonNode volume = granted.get("volumes").get(0);
        return "{'v':1,'type':'activate','task':'" + task + "','machine':'m1','boot':'b1','claims':[{'claim':'"
                + volume.get("claim").textValue() + "','volume':'orders-db','fence':"
                + volume.get("fence") + ",'highWater':0}]}";
    }

    private static String record(JsonNode granted) {
        JsonNode volume = granted.get("volumes").get(0);
        return "{'v':1,'type':'released','machine':'m1','boot':'b1','volumes':[{'claim':'"
                + volume.get("claim").textValue() + "','fence':" + volume.get("fence")
                + ",'neverAttached':false,'workloadGone':true,'unmounted':true,'closed':true,'detached':true,"
                + "'journalClosed':true}]}";
    }

    @Test
    void leadsAClaimFromItsGrantToItsRelease() throws Exception {
        inspected();

        Answer granted = send("POST", "/v1/claims", order("c1"));
        assertThat(granted.status()).as(granted.text()).isEqualTo(201);
        JsonNode grant = granted.json();
        assertThat(grant.get("state").textValue()).isEqualTo("RESERVED");
        assertThat(grant.get("epoch").longValue()).isEqualTo(7);
        assertThat(grant.get("volumes").get(0).get("fence").longValue()).isEqualTo(1);
        assertThat(grant.get("volumes").get(0).get("driver").textValue())
                .as("the plugin that is meant")
                .isEqualTo("loop");
        assertThat(send("POST", "/v1/claims", order("c1")).json()).isEqualTo(grant);

        Answer active = send("POST", "/v1/claims/c1/activate", activation("shop.c1", grant));
        assertThat(active.status()).as(active.text()).isEqualTo(200);
        assertThat(active.json().get("state").textValue()).isEqualTo("ACTIVE");
        assertThat(send("PUT", "/v1/claims/c1/heartbeat", null).status()).isEqualTo(200);
        assertThat(send(
                                "PUT",
                                "/v1/claims/c1/heartbeat",
                                "{'v':1,'type':'mounted','volumes':[{'claim':'"
                                        + grant.get("volumes")
                                                .get(0)
                                                .get("claim")
                                                .textValue()
                                        + "','fence':1,'path':'/mnt','created':true}]}")
                        .status())
                .isEqualTo(200);
        JsonNode claim = get("/v1/volumes/orders-db/claim").json().get("claim");
        assertThat(claim.get("state").textValue()).isEqualTo("MOUNTED");
        assertThat(claim.get("framework").textValue()).isEqualTo("marathon-1");
        assertThat(claim.get("task").textValue()).isEqualTo("shop.c1");

        Answer released = send("POST", "/v1/claims/c1/release", record(grant));
        assertThat(released.status()).isEqualTo(200);
        assertThat(released.json().get("state").textValue()).isEqualTo("RELEASED");
        assertThat(send("POST", "/v1/claims/c1/release", record(grant)).json()).isEqualTo(released.json());
        JsonNode past = get("/v1/volumes/orders-db/history").json().get("items").get(0);
        assertThat(past.get("releasedBy").get("code").textValue()).isEqualTo("E1");
        assertThat(past.get("framework").textValue()).isEqualTo("marathon-1");
        assertThat(send("PUT", "/v1/claims/c1/heartbeat", null).status()).isEqualTo(409);
    }

    @Test
    void tellsWhoHasTheVolume() throws Exception {
        inspected();
        send("POST", "/v1/claims", order("c1"));

        Answer refused = send("POST", "/v1/claims", order("c2"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.type()).startsWith("application/problem+json");
        assertThat(refused.json().get("detail").textValue()).contains("shop.c1", "m1");
        assertThat(refused.json().get("holders").get(0).get("task").textValue()).isEqualTo("shop.c1");
    }

    @Test
    void refusesWhatIsNoClaim() throws Exception {
        assertThat(send("POST", "/v1/claims", "{}").status()).isEqualTo(422);
        assertThat(send("POST", "/v1/claims", order("../etc")).status()).isEqualTo(422);
        assertThat(send("POST", "/v1/claims", order("c1").replace("orders-db", "a/b"))
                        .text())
                .contains("volume name");
        ObjectNode many = (ObjectNode) JSON.readTree(order("c1").replace('\'', '"'));
        for (int i = 0; i < 40; i++) {
            many.withArray("volumes").add(many.get("volumes").get(0).deepCopy());
        }
        assertThat(send("POST", "/v1/claims", many.toString()).text()).contains("1 to 32 volumes");
        assertThat(send("PUT", "/v1/claims/nobody/heartbeat", null).status()).isEqualTo(404);
        assertThat(send("POST", "/v1/claims/nobody/release", "{'v':1,'type':'failure','what':'x'}")
                        .status())
                .isEqualTo(422);
        assertThat(send("POST", "/v1/claims", "x".repeat(300_000)).status()).isEqualTo(422);
    }
}
