package io.mooring.scheduler.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may write for the masters. */
class MastersTest {
    @Test
    void readsOneAddressAndSeveral() throws IOException {
        assertThat(read("10.0.0.1:5050")).isEqualTo(listed("http://10.0.0.1:5050"));
        assertThat(read("a:5050, b:5051")).isEqualTo(listed("http://a:5050", "http://b:5051"));
        assertThat(Masters.read(List.of("a:5050", "b:5051"), Masters.Scheme.HTTP))
                .isEqualTo(listed("http://a:5050", "http://b:5051"));
        assertThat(read("https://a")).isEqualTo(listed("https://a:5050"));
    }

    @Test
    void speaksTlsToAddressesWithoutASchemeWhereThatIsConfigured() throws IOException {
        assertThat(Masters.read(List.of("a:5050", "http://b:5050"), Masters.Scheme.HTTPS))
                .isEqualTo(listed("https://a:5050", "http://b:5050"));
    }

    @Test
    void readsTheFormOfZooKeeperAlsoWhenItsCommasTookItApart() throws IOException {
        Masters expected =
                new Masters.InZooKeeper("h1:2181,h2:2181", "/mesos", Optional.of("user:pa@ss"), Masters.Scheme.HTTP);

        assertThat(read("zk://user:pa@ss@h1:2181,h2:2181/mesos")).isEqualTo(expected);
        assertThat(Masters.read(List.of("zk://user:pa@ss@h1:2181", "h2:2181/mesos/"), Masters.Scheme.HTTP))
                .isEqualTo(expected);
        assertThat(read("zk://h1:2181/a/b"))
                .isEqualTo(new Masters.InZooKeeper("h1:2181", "/a/b", Optional.empty(), Masters.Scheme.HTTP));
    }

    @Test
    void readsAFileSoThatAPasswordIsOnNoCommandLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("masters"), "zk://u:p@h:2181/mesos\n");

        assertThat(read("file://" + file))
                .isEqualTo(new Masters.InZooKeeper("h:2181", "/mesos", Optional.of("u:p"), Masters.Scheme.HTTP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zk://u:secret@h:2181",
                "zk://u:secret@h:2181/",
                "zk://u:secret@/mesos",
                "zk://secret:@h:2181/mesos",
                "zk://:secret@h:2181/mesos",
                "zk://secret@h:2181/mesos",
                "http://u:secret@h:5050",
                "a:5050,zk://u:secret@h/mesos",
                "ftp://h",
                "h :5050",
                "",
                "a:5050,,b:5050"
            })
    void refusesWhatIsNoneOfThemAndShowsNoPassword(String written) {
        assertThatThrownBy(() -> read(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has to be")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @Test
    void showsNoPasswordWhereItIsPrinted() throws IOException {
        Masters masters = read("zk://user:secret@h1:2181,h2:2181/mesos");

        assertThat(masters).hasToString("zk://***@h1:2181,h2:2181/mesos");
        assertThat(Masters.withoutPassword("zk://user:se/cret@h1:2181/mesos")).doesNotContain("user:se");
        assertThat(Masters.withoutPassword("zk://user:secret@h1,h2/mesos")).isEqualTo("zk://***@h1,h2/mesos");
    }

    private static Masters read(String written) throws IOException {
        return Masters.read(List.of(written), Masters.Scheme.HTTP);
    }

    private static Masters listed(String... addresses) {
        return new Masters.Listed(List.of(addresses).stream().map(URI::create).toList());
    }
}
