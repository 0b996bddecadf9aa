package io.mooring.scheduler.decision;

import java.util.List;

/** What a request is answered: its value, or why not. */
public sealed interface Answer<T> {
    record Ok<T>(T value) implements Answer<T> {}

    /**
     * A refusal.
     *
     * @param errors where exactly, and what would be right; may be empty when {@code what} says it all
     */
    record Refused<T>(Why why, String what, List<FieldError> errors) implements Answer<T> {
        public Refused {
            errors = List.copyOf(errors);
        }

        /** The same refusal of another question. */
        <S> Answer<S> as() {
            return new Refused<>(why, what, errors);
        }
    }

    /** The kind of refusal. */
    enum Why {
        NOT_FOUND,
        CONFLICT,
        LOCKED,
        INVALID
    }

    /** One thing that is wrong, at a path such as {@code /container/volumes(0)/external/name}. */
    record FieldError(String path, String what, String expected) {}

    static <T> Answer<T> ok(T value) {
        return new Ok<>(value);
    }

    static <T> Answer<T> refused(Why why, String what) {
        return new Refused<>(why, what, List.of());
    }

    static <T> Answer<T> invalid(List<FieldError> errors) {
        return new Refused<>(Why.INVALID, "Object is not valid", errors);
    }
}
