package io.mooring.common.container;

import java.util.Objects;

/** One option that is passed on to the engine. */
public record DockerParameter(DockerOption option, String value) {
    /** @throws IllegalArgumentException if the value is not of the option's form */
    public DockerParameter {
        Objects.requireNonNull(option, "option is null");
        if (!option.takes(value)) {
            throw new IllegalArgumentException(
                    "parameter " + option.key() + " is '" + value + "'; it has to be " + option.expected());
        }
    }

    /** The part of the value before the first separator, or all of it. */
    public String before(char separator) {
        int at = value.indexOf(separator);
        return at < 0 ? value : value.substring(0, at);
    }

    /** What follows the first separator; empty if there is none. */
    public String after(char separator) {
        int at = value.indexOf(separator);
        return at < 0 ? "" : value.substring(at + 1);
    }
}
