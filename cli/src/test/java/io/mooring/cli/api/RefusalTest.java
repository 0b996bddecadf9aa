package io.mooring.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void tellsEachErrorOfAProblemWithItsPlaceAndWhatWouldBeRight() throws IOException {
        assertThat(words("{'detail':'the volume is not declared','errors':["
                        + "{'path':'/name','what':'has a slash','expected':'letters and digits'}]}"))
                .isEqualTo("the volume is not declared\n  /name: has a slash; expected: letters and digits");
    }

    @Test
    void tellsTheDetailsOfMarathonsShape() throws IOException {
        assertThat(words("{'message':'Object is not valid','details':[{'path':'/cmd','errors':['is missing','too']}]}"))
                .isEqualTo("Object is not valid\n  /cmd: is missing\n  /cmd: too");
    }

    @Test
    void namesTheStatusWhenTheBodySaysNothing() throws IOException {
        assertThat(words("{}")).isEqualTo("refused with status 409");
    }

    private static String words(String body) throws IOException {
        return new Refusal(new ObjectMapper().readTree(body.replace('\'', '"'))).words(409);
    }
}
