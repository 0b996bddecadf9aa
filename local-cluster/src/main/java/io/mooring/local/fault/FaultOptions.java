package io.mooring.local.fault;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The options of one fault that is asked for. */
public final class FaultOptions {
    private final Map<String, String> values;

    public FaultOptions(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** Refuses options that the fault does not have, and the absence of those that it needs. */
    void check(Fault fault) throws FaultException {
        for (String given : values.keySet()) {
            if (fault.options().stream().noneMatch(option -> option.name().equals(given))) {
                throw FaultException.wrong("fault " + fault.name() + " has no option '" + given + "': expected "
                        + fault.options().stream().map(Fault.Option::name).toList());
            }
        }
        for (Fault.Option option : fault.options()) {
            if (option.need() == Fault.Need.REQUIRED && !values.containsKey(option.name())) {
                throw FaultException.wrong("'" + option.name() + "' is missing: " + option.what());
            }
        }
    }

    /** An option that has to be given. */
    public String text(String name) throws FaultException {
        return optional(name).orElseThrow(() -> FaultException.wrong("'" + name + "' is missing"));
    }

    public Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A whole number of at least one. */
    public int count(String name, int otherwise) throws FaultException {
        Optional<String> given = optional(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        if (!given.get().matches("[1-9]\\d{0,8}")) {
            throw FaultException.wrong("'" + name + "' is " + given.get() + ": expected a number from 1");
        }
        return Integer.parseInt(given.get());
    }

    /** Seconds, also with a fraction. */
    public Duration seconds(String name, Duration otherwise) throws FaultException {
        Optional<String> given = optional(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        if (!given.get().matches("\\d{1,7}(\\.\\d{1,3})?")) {
            throw FaultException.wrong("'" + name + "' is " + given.get() + ": expected seconds, for example 2.5");
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(given.get()) * 1000));
    }

    /** One of the constants, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String name, Class<E> of, E otherwise) throws FaultException {
        Optional<String> given = optional(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        for (E each : of.getEnumConstants()) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(given.get())) {
                return each;
            }
        }
        throw FaultException.wrong("'" + name + "' is " + given.get() + ": expected one of "
                + String.join(
                        ", ",
                        Arrays.stream(of.getEnumConstants())
                                .map(each ->
                                        each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .toList()));
    }
}
