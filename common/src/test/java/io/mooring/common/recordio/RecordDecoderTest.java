package io.mooring.common.recordio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    @Test
    void holdsNoMoreOfAnAnnouncedRecordThanHasArrived() throws MalformedRecordException {
        List<RecordDecoder> waiting = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            RecordDecoder one = new RecordDecoder(64 << 20, record -> {});
            byte[] begun = "67108864\nx".getBytes(StandardCharsets.US_ASCII);
            one.feed(begun, 0, begun.length); // 25 GiB in all, were it believed
            waiting.add(one);
        }

        assertThat(waiting).noneMatch(RecordDecoder::atBoundary);
    }

    @Test
    void takesGarbageForNoRecordOrForOneButNeverBreaks() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(200)];
            for (int i = 0; i < garbage.length; i++) {
                // Digits and line feeds often enough to get past the length.
                garbage[i] = (byte)
                        (random.nextInt(3) == 0 ? random.nextInt(256) : "0123456789\n".charAt(random.nextInt(11)));
            }
            RecordDecoder one =
                    new RecordDecoder(100, record -> assertThat(record.length).isBetween(1, 100));
            try {
                one.feed(garbage, 0, garbage.length);
            } catch (MalformedRecordException e) {
                assertThat(e.getMessage()).as("seed %d", seed).startsWith("a record");
            }
        }
    }

    private void feed(String text) throws MalformedRecordException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        decoder.feed(bytes, 0, bytes.length);
    }
}
