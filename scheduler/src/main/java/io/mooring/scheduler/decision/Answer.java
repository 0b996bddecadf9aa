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
        TOO_MANY,
        INVALID
    }

    /** One thing that is wrong, at a path such as {@code /container/volumes(0)/external/name}. */
    record FieldError(String path, String what, String expected, Fault fault) {
        /** A value that breaks a rule. */
        public FieldError(String path, String what, String expected) {
            this(path, what, expected, Fault.RULE);
        }

        /** The same at another path. */
        public FieldError at(String other) {
            return new FieldError(other, what, expected, fault);
        }
    }

    /** Whether a value is of the right form in the first place. What breaks a rule is only of interest after that. */
    enum Fault {
        RULE,
        MISSING,
        NO_TEXT,
        NO_NUMBER,
        NO_WHOLE_NUMBER,
        NO_FLAG,
        NO_LIST,
        NO_OBJECT
    }

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
