package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JsonListTest {
    @Test
    void writesAnObjectWithOneList() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        JsonList.of("apps", List.of("a", "b"), TextNode::new).write(output);

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("{\"apps\":[\"a\",\"b\"]}");
    }

    @Test
    void makesNoItemsThatNobodyReads() {
        OutputStream reader = new OutputStream() {
            private int left = 100_000;

            @Override
            public void write(int b) throws IOException {
                left--;
                if (left < 0) {
                    throw new IOException("the reader is gone");
                }
            }
        };
        AtomicInteger made = new AtomicInteger();

        assertThatThrownBy(() -> JsonList.of("apps", Collections.nCopies(10_000, "x".repeat(1000)), text -> {
                            made.incrementAndGet();
                            return new TextNode(text);
                        })
                        .write(reader))
                .hasMessage("the reader is gone");

        assertThat(made.get()).as("a list is never whole in memory").isLessThan(200);
    }
}
