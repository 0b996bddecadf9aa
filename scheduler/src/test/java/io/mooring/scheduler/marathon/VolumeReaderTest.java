package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.VolumeSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume that is declared by itself. */
class VolumeReaderTest {
    private static Answer<VolumeSpec> read(String json) {
        try {
            return VolumeReader.read(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    @Test
    void readsAWholeDeclaration() {
        VolumeSpec spec = ((Answer.Ok<VolumeSpec>) read("""
                        {'name':'orders-db','driver':'rexray','options':{'Size':5,'newFsType':'XFS'},
                        'accessMode':'single-writer','takeover':'manual','reclaim':'delete'}
                        """)).value();

        assertThat(spec.request().name().value()).isEqualTo("orders-db");
        assertThat(spec.request().options()).isEqualTo(Map.of("size", "5", "newfstype", "xfs"));
        assertThat(spec.takeover()).isEqualTo(TakeoverPolicy.MANUAL);
        assertThat(spec.reclaim()).isEqualTo(ReclaimPolicy.DELETE);
        assertThat(VolumeReader.on(new DriverName("loop"), spec)
                        .request()
                        .driver()
                        .value())
                .isEqualTo("loop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'driver':'loop'} | /name",
                "{'name':'../x','driver':'loop'} | /name",
                "{'name':5,'driver':'loop'} | /name",
                "{'name':'orders-db'} | /driver",
                "{'name':'orders-db','driver':'a/b'} | /driver",
                "{'name':'orders-db','driver':'loop','options':{'size':'0'}} | /options/size",
                "{'name':'orders-db','driver':'loop','options':{'size':'-1'}} | /options/size",
                "{'name':'orders-db','driver':'loop','options':{'size':'huge'}} | /options/size",
                "{'name':'orders-db','driver':'loop','options':{'size':{}}} | /options/size",
                "{'name':'orders-db','driver':'loop','options':[]} | /options",
                "{'name':'orders-db','driver':'loop','accessMode':'many-wolves'} | /accessMode",
                "{'name':'orders-db','driver':'loop','takeover':'never'} | /takeover",
                "{'name':'orders-db','driver':'loop','reclaim':'maybe'} | /reclaim",
                "{'name':'orders-db','driver':'loop','colour':'red'} | /colour"
            })
    void saysWhereADeclarationIsWrong(String json, String path) {
        Answer.Refused<VolumeSpec> refused = (Answer.Refused<VolumeSpec>) read(json);

        assertThat(refused.errors()).extracting(FieldError::path).contains(path);
        assertThat(refused.errors())
                .allSatisfy(error -> assertThat(error.expected()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "5", "'x'"})
    void wantsAnObject(String json) {
        assertThat(((Answer.Refused<VolumeSpec>) read(json)).what()).contains("has to be an object");
    }
}
