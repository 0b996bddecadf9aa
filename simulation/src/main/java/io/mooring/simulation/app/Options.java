package io.mooring.simulation.app;

import io.mooring.simulation.rule.Mutant;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.rule.Variation;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What is asked for on the command line.
 *
 * @param first the first seed
 * @param count how many seeds
 */
record Options(long first, long count, Variation variation, Until until) {
    /** When a run is over. */
    enum Until {
        ALL_SEEDS,
        /** At the first seed that finds the mutant. */
        FOUND
    }

    static Options parse(List<String> arguments) {
        long first = 1;
        long count = 200;
        Rule rule = Rule.MOORING;
        Optional<Mutant> mutant = Optional.empty();
        Until until = Until.ALL_SEEDS;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--seeds" -> count = number(option, rest, 1);
                case "--seed" -> first = number(option, rest, 0);
                case "--rule" -> rule = Rule.of(value(option, rest));
                case "--mutant" -> mutant = Optional.of(Mutant.of(value(option, rest)));
                case "--until-found" -> until = Until.FOUND;
                default ->
                    throw new IllegalArgumentException(
                            "'" + option
                                    + "' is not known; known are --seeds N, --seed S, --rule NAME, --mutant NAME, --until-found");
            }
        }
        if (mutant.isPresent() && rule != Rule.MOORING) {
            throw new IllegalArgumentException("a mutant is a mistake in our own rule; leave --rule out");
        }
        if (until == Until.FOUND && mutant.isEmpty()) {
            throw new IllegalArgumentException("--until-found needs --mutant NAME");
        }
        return new Options(first, count, new Variation(rule, mutant), until);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static long number(String option, Iterator<String> rest, long least) {
        String value = value(option, rest);
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not '" + value + "'", e);
        }
        if (number < least) {
            throw new IllegalArgumentException(option + " is " + number + "; it has to be at least " + least);
        }
        return number;
    }
}
