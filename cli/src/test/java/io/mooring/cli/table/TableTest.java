package io.mooring.cli.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsAndLeavesNoBlanksAtTheEndOfALine() {
        Table table = new Table("NAME", "STATE");
        table.row("a-long-name", "IN_USE");
        table.row("b", "AVAILABLE");
        StringWriter text = new StringWriter();

        table.print(new PrintWriter(text));

        assertThat(text.toString().lines())
                .containsExactly("NAME         STATE", "a-long-name  IN_USE", "b            AVAILABLE");
    }

    @Test
    void printsItsHeadAloneWhenThereIsNothing() {
        StringWriter text = new StringWriter();

        new Table("NAME", "STATE").print(new PrintWriter(text));

        assertThat(text.toString().lines()).containsExactly("NAME  STATE");
    }
}
