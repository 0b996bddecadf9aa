package io.mooring.cli.table;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows in columns that a person can read; the last column is not padded. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heads) {
        rows.add(List.of(heads));
    }

    public void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            String text = cell == null ? "-" : cell.toString();
            row.add(text.isEmpty() ? "-" : text);
        }
        rows.add(row);
    }

    public void print(PrintWriter to) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean last = i == columns - 1;
                line.append(
                        last
                                ? row.get(i)
                                : row.get(i) + " ".repeat(widths[i] - row.get(i).length() + 2));
            }
            to.println(line);
        }
        to.flush();
    }
}
