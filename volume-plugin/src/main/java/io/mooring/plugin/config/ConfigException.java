package io.mooring.plugin.config;

/** A configuration that cannot be used. The message says what is wrong, where, and what would be right. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
