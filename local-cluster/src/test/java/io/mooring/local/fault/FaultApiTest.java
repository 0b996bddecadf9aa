package io.mooring.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.local.wire.HttpListener;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultApiTest {
    private final List<String> caused = new ArrayList<>();
    private HttpListener listener;

    @BeforeEach
    void open() throws Exception {
        Fault fault = new Fault(
                "pause",
                "it pauses",
                List.of(Fault.Option.required("agent", "which"), Fault.Option.optional("seconds", "how long")),
                options -> {
                    if (options.text("agent").equals("absent")) {
                        throw FaultException.absent("no agent 'absent'");
                    }
                    if (options.text("agent").equals("the port itself")) {
                        listener.close();
                    }
                    caused.add(options.text("agent") + " " + options.seconds("seconds", Duration.ofSeconds(1)));
                });
        listener = HttpListener.open("test", 0, Optional.empty(), new FaultApi(List.of(fault)));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private HttpResponse<String> send(String method, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/"))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private void refuses(String body, int status, String why) throws Exception {
        HttpResponse<String> answer = send("POST", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(why);
        assertThat(caused).isEmpty();
    }

    @Test
    void causesAFaultWithItsOptions() throws Exception {
        assertThat(send("POST", "{\"fault\":\"pause\",\"agent\":\"a\",\"seconds\":2.5}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "{\"fault\":\"pause\",\"agent\":\"b\"}").statusCode())
                .isEqualTo(200);

        assertThat(caused).containsExactly("a PT2.5S", "b PT1S");
    }

    @Test
    void listsTheFaults() throws Exception {
        assertThat(send("GET", "").body())
                .contains("\"fault\":\"pause\"", "\"option\":\"agent\",\"required\":true", "\"required\":false");
    }

    @Test
    void saysWhatWouldBeRight() throws Exception {
        refuses("pause", 400, "expected {");
        refuses("[]", 400, "no JSON object");
        refuses("{\"fault\":\"pause\",\"agent\":[]}", 400, "'agent' is no text");
        refuses("{}", 400, "'fault' is missing: expected one of pause");
        refuses("{\"fault\":\"stop\"}", 400, "unknown fault 'stop': expected one of pause");
        refuses("{\"fault\":\"pause\"}", 400, "'agent' is missing: which");
        refuses("{\"fault\":\"pause\",\"agent\":\"a\",\"secs\":1}", 400, "no option 'secs'");
        refuses("{\"fault\":\"pause\",\"agent\":\"a\",\"seconds\":\"-1\"}", 400, "expected seconds");
    }

    @Test
    void answersWhenTheFaultClosesThePortThatWasAsked() throws Exception {
        int port = listener.port();

        assertThat(send("POST", "{\"fault\":\"pause\",\"agent\":\"the port itself\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(caused).containsExactly("the port itself PT1S");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .as("closed")
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void saysThatWhatShouldFailIsNotThere() throws Exception {
        refuses("{\"fault\":\"pause\",\"agent\":\"absent\"}", 404, "no agent 'absent'");
    }
}
