package io.mooring.executor.mount;

/**
 * What became of one plugin call.
 *
 * @param <T> what the plugin answers when it is done
 */
public sealed interface Outcome<T> {
    /** It is in effect. */
    record Done<T>(T value) implements Outcome<T> {}

    /** It is for sure not in effect. */
    record Refused<T>(Refusal why, String reason) implements Outcome<T> {}

    /** It may be in effect, now or later: no answer came, or one that does not say. */
    record Unknown<T>(String reason) implements Outcome<T> {}

    /** The reason of a call that is not done; "done" otherwise. */
    default String reason() {
        if (this instanceof Refused<T> refused) {
            return refused.reason();
        }
        return this instanceof Unknown<T> unknown ? unknown.reason() : "done";
    }

    /** Whether this is a refusal of the given kind. */
    default boolean refusedAs(Refusal why) {
        return this instanceof Refused<T> refused && refused.why() == why;
    }
}
