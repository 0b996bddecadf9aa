package io.mooring.local.fault;

import java.io.IOException;
import java.util.List;

/**
 * One kind of fault that a running cluster can be asked for.
 *
 * @param name how it is asked for
 * @param what happens, in one sentence
 */
public record Fault(String name, String what, List<Option> options, Action action) {
    public Fault {
        options = List.copyOf(options);
    }

    /** One of its options. */
    public record Option(String name, Need need, String what) {
        public static Option required(String name, String what) {
            return new Option(name, Need.REQUIRED, what);
        }

        public static Option optional(String name, String what) {
            return new Option(name, Need.OPTIONAL, what);
        }
    }

    /** Whether an option has to be given. */
    public enum Need {
        REQUIRED,
        OPTIONAL
    }

    /** Makes it happen; when it returns it has happened. */
    @FunctionalInterface
    public interface Action {
        /** Does it. @throws IOException if a port cannot be opened or a file not written */
        void cause(FaultOptions options) throws FaultException, IOException;
    }
}
