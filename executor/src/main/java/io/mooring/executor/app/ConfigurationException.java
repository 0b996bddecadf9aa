package io.mooring.executor.app;

/** The agent configuration cannot be used; the message says what, where, and what would be right. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
