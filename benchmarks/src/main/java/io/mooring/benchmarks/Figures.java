package io.mooring.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures by name, each with its minimum, median and maximum over the rounds. */
final class Figures {
    private final Map<String, List<Double>> byName = new LinkedHashMap<>();

    void add(String name, double value) {
        byName.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    double median(String name) {
        List<Double> sorted = new ArrayList<>(byName.get(name));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    void print(String unit) {
        System.out.printf("%-16s %10s %10s %10s   %s, %d rounds%n", "", "min", "median", "max", unit, rounds());
        byName.forEach((name, values) -> System.out.printf(
                "%-16s %10.1f %10.1f %10.1f%n", name, Collections.min(values), median(name), Collections.max(values)));
    }

    private int rounds() {
        return byName.values().stream().mapToInt(List::size).max().orElse(0);
    }
}
