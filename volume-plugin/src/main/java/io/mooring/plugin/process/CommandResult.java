package io.mooring.plugin.process;

/**
 * How an external program ended: its exit code and what it wrote, each stream cut at a bound so that a program gone
 * wild cannot fill our memory.
 */
public record CommandResult(int exitCode, String stdout, String stderr) {
    /** True when the program says that it did what it was asked. */
    public boolean succeeded() {
        return exitCode == 0;
    }

    /** What the program complained about, on one line, for an answer that a person reads. */
    public String complaint() {
        String text = stderr.isBlank() ? stdout : stderr;
        String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
        return line.isEmpty() ? "exit code " + exitCode : line + " (exit code " + exitCode + ")";
    }
}
