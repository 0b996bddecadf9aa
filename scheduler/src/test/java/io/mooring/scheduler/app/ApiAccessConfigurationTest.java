package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.app.SchedulerConfiguration.ApiAccess;
import org.junit.jupiter.api.Test;

class ApiAccessConfigurationTest {
    private static ApiAccess read(String json) throws Exception {
        return new ObjectMapper().readValue(json.replace('\'', '"'), ApiAccess.class);
    }

    @Test
    void aThousandChangesMayBeOnTheirWayUnlessItIsSaidOtherwise() throws Exception {
        assertThat(read("{}").mostDeployments()).isEqualTo(1000);
        assertThat(read("{'mostDeployments':7}")).isEqualTo(new ApiAccess(null, 7));
    }
}
