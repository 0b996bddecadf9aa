package io.mooring.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path directory;

    private Credentials read(String content) throws IOException {
        return Credentials.read(Files.writeString(directory.resolve("credentials"), content));
    }

    private static Optional<String> basic(String pair) {
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsBothFormsOfTheFile() throws IOException {
        Credentials json = read("{\"credentials\": [{\"principal\": \"fw\", \"secret\": \"s3\"}]}");
        Credentials lines = read("fw s3\nother s5\n");

        assertThat(json.principal(basic("fw:s3"))).contains("fw");
        assertThat(lines.principal(basic("other:s5"))).contains("other");
    }

    @Test
    void believesNobodyWithoutTheRightSecret() throws IOException {
        Credentials credentials = read("fw s3");

        assertThat(credentials.principal(Optional.empty())).isEmpty();
        assertThat(credentials.principal(basic("fw:s4"))).isEmpty();
        assertThat(credentials.principal(basic("nobody:s3"))).isEmpty();
        assertThat(credentials.principal(basic("fw"))).isEmpty();
        assertThat(credentials.principal(Optional.of("Basic ***"))).isEmpty();
        assertThat(credentials.principal(Optional.of("Bearer abc"))).isEmpty();
    }

    @Test
    void saysNothingOfTheContentOfABadFile() {
        assertThatThrownBy(() -> read("fw s3 secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("on every line")
                .hasMessageNotContaining("s3");
    }
}
