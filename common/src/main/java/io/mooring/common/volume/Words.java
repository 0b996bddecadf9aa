package io.mooring.common.volume;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the constant that a user's word names, or says which words there are. */
final class Words {
    private Words() {}

    static <E extends Enum<E>> E find(Class<E> type, E[] values, Function<E, String> word, String wanted) {
        for (E value : values) {
            if (word.apply(value).equals(wanted)) {
                return value;
            }
        }
        throw new IllegalArgumentException("'" + wanted + "' is no " + type.getSimpleName() + "; it has to be one of "
                + Arrays.stream(values).map(word).collect(Collectors.joining(", ")));
    }
}
