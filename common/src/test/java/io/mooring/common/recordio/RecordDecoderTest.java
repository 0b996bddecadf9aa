package io.mooring.common.recordio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecordDecoderTest {
    private final List<String> records = new ArrayList<>();
    private final RecordDecoder decoder =
            new RecordDecoder(1000, bytes -> records.add(new String(bytes, StandardCharsets.UTF_8)));

    @Test
    void readsRecordsThatComeTogether() throws MalformedRecordException {
        feed("5\nhello3\nabc");
        assertThat(records).containsExactly("hello", "abc");
        assertThat(decoder.atBoundary()).isTrue();
    }

    @Test
    void readsTheSameRecordsHoweverTheStreamIsSplit() throws MalformedRecordException {
        String stream = "5\nhello12\n12\n345\n67890" + "3\nabc";
        for (int first = 0; first <= stream.length(); first++) {
            for (int second = first; second <= stream.length(); second++) {
                records.clear();
                feed(stream.substring(0, first));
                feed(stream.substring(first, second));
                feed(stream.substring(second));
                assertThat(records).containsExactly("hello", "12\n345\n67890", "abc");
            }
        }
    }

    @Test
    void knowsThatAStreamWasCutInsideARecord() throws MalformedRecordException {
        feed("5\nhel");
        assertThat(decoder.atBoundary()).isFalse();
    }

    @Test
    void toleratesEmptyLinesBeforeALength() throws MalformedRecordException {
        feed("\n\n2\nok");
        assertThat(records).containsExactly("ok");
    }

    @Test
    void refusesWhatIsNoLength() {
        assertThatThrownBy(() -> feed("-1\n")).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() ->
                        new RecordDecoder(1000, bytes -> {}).feed("0\n".getBytes(StandardCharsets.US_ASCII), 0, 2))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("length 0");
        assertThatThrownBy(() -> new RecordDecoder(1000, bytes -> {})
                        .feed("000000000000000000000".getBytes(StandardCharsets.US_ASCII), 0, 21))
                .hasMessageContaining("20 digits");
    }

    @Test
    void refusesARecordOverTheLimitBeforeItHoldsAnyOfIt() {
        assertThatThrownBy(() -> feed("1001\n"))
                .isInstanceOf(RecordTooLargeException.class)
                .hasMessageContaining("1000");
    }

    private void feed(String text) throws MalformedRecordException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        decoder.feed(bytes, 0, bytes.length);
    }
}
