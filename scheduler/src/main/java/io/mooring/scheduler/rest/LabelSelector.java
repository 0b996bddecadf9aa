package io.mooring.scheduler.rest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marathon's selector of labels: {@code tier==db, !=, in (a, b), notin (a, b)}, or a key alone; all parts have to fit. */
final class LabelSelector {
    private static final String WORD = "[A-Za-z0-9_.\\-/]+";
    private static final Pattern PART = Pattern.compile("\\s*(?<key>" + WORD + ")\\s*"
            + "(?:(?<sign>==|!=)\\s*(?<value>" + WORD + ")"
            + "|(?<set>in|notin)\\s*\\(\\s*(?<values>" + WORD + "(?:\\s*,\\s*" + WORD + ")*)\\s*\\))?\\s*(?:,|$)");

    private LabelSelector() {}

    /** @throws IllegalArgumentException saying what cannot be read */
    static Predicate<Map<String, String>> parse(String selector) {
        List<Predicate<Map<String, String>>> parts = new ArrayList<>();
        Matcher part = PART.matcher(selector);
        int end = 0;
        while (end < selector.length()) {
            if (!part.find(end) || part.start() != end) {
                throw new IllegalArgumentException("Can not parse label selector '" + selector + "' from character "
                        + (end + 1) + " on; expected: key, key==value, key!=value, key in (a, b) or key notin (a, b),"
                        + " with commas between them");
            }
            parts.add(part(part));
            end = part.end();
        }
        return labels -> parts.stream().allMatch(each -> each.test(labels));
    }

    private static Predicate<Map<String, String>> part(Matcher part) {
        String key = part.group("key");
        if (part.group("sign") != null) {
            String value = part.group("value");
            boolean same = part.group("sign").equals("==");
            return labels -> labels.containsKey(key) && labels.get(key).equals(value) == same;
        }
        if (part.group("set") != null) {
            List<String> values = Arrays.stream(part.group("values").split(","))
                    .map(String::trim)
                    .toList();
            boolean among = part.group("set").equals("in");
            return labels -> labels.containsKey(key) && values.contains(labels.get(key)) == among;
        }
        return labels -> labels.containsKey(key);
    }
}
