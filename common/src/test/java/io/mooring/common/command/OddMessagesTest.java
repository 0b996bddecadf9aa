package io.mooring.common.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.testkit.OddValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A message may come from whoever can reach us: what is odd in it is read, or refused in words. */
class OddMessagesTest {
    private final MessageCodec codec = new MessageCodec();

    private interface Reading {
        Object of(byte[] message) throws MalformedMessageException;
    }

    @Test
    void areReadOrRefusedInWords() throws IOException {
        for (TaskOrder order : MessageCodecTest.orders()) {
            tryAll(codec.encode(order), codec::decodeOrder);
        }
        for (SchedulerMessage message : MessageCodecTest.messages()) {
            tryAll(codec.encode(message), codec::decodeMessage);
        }
        for (ExecutorReport report : MessageCodecTest.reports()) {
            tryAll(codec.encode(report), codec::decodeReport);
        }
    }

    private static void tryAll(byte[] message, Reading reading) throws IOException {
        OddValues.inPlaceOfEach(new ObjectMapper().readTree(message), changed -> read(changed, reading));
    }

    private static void read(JsonNode message, Reading reading) {
        try {
            assertThat(reading.of(message.toString().getBytes(StandardCharsets.UTF_8)))
                    .isNotNull();
        } catch (MalformedMessageException e) {
            assertThat(e).as("%s", message).message().isNotBlank();
        } catch (RuntimeException e) {
            throw new AssertionError(message + " breaks the reader", e);
        }
    }
}
