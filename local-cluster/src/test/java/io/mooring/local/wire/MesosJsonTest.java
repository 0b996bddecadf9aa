package io.mooring.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MesosJsonTest {
    private static Call parse(String json) throws RefusedException {
        return Encoding.JSON.decode(json.getBytes(StandardCharsets.UTF_8), Call.getDefaultInstance());
    }

    @Test
    void writesProtoNamesAndNumbersAsMesosDoes() {
        KillPolicy policy = KillPolicy.newBuilder()
                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(3_000_000_000L))
                .build();

        assertThat(MesosJson.print(policy)).isEqualTo("{\"grace_period\":{\"nanoseconds\":3000000000}}");
    }

    @Test
    void readsBackWhatItWrote() throws RefusedException {
        Call call = Call.newBuilder()
                .setType(Call.Type.ACKNOWLEDGE)
                .setAcknowledge(Call.Acknowledge.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue("a"))
                        .setTaskId(TaskID.newBuilder().setValue("t"))
                        .setUuid(ByteString.copyFrom(new byte[] {0, -1, 2})))
                .build();

        assertThat(parse(MesosJson.print(call))).isEqualTo(call);
    }

    @Test
    void ignoresUnknownFieldsAndUnknownNamesOfOptionalEnums() throws RefusedException {
        assertThat(parse("{\"type\":\"FROBNICATE\",\"no_such\":{\"a\":1}}").hasType())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":|Failed to parse body into JSON: syntax error at line 1 near:",
                "[]|Failed to convert JSON into Call protobuf: Expecting a JSON object",
                "\"x\"|Failed to convert JSON into Call protobuf: Expecting a JSON object",
                "{\"framework_id\":{}}|Failed to convert JSON into Call protobuf: Missing required fields: framework_id.value",
                "{\"framework_id\":{\"value\":3}}|Failed to convert JSON into Call protobuf: Not expecting a JSON number for field 'value'",
            })
    void refusesInMesosWords(String json, String text) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("400 " + text);
    }

    @Test
    void survivesDeepNesting() {
        String deep = "{\"a\":".repeat(100_000);

        assertThatThrownBy(() -> parse(deep)).isInstanceOf(RefusedException.class);
    }

    @Test
    void framesARecordWithItsLength() {
        assertThat(StandardCharsets.UTF_8
                        .decode(RecordIo.encode("hello".getBytes(StandardCharsets.UTF_8)))
                        .toString())
                .isEqualTo("5\nhello");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,JSON",
        "application/x-protobuf,PROTOBUF",
        "*/*,JSON",
        "'application/x-protobuf,application/json',JSON",
        "'application/json;q=0,application/x-protobuf',PROTOBUF"
    })
    void prefersJsonWhenBothAreAcceptable(String accept, Encoding expected) throws RefusedException {
        assertThat(Encoding.accepted(java.util.Optional.of(accept))).isEqualTo(expected);
    }
}
