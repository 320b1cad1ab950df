package io.headgate.gateway.logging;

/** What a line looks like. */
public enum LogFormat {
    /** Text if stderr is a terminal, JSON otherwise. */
    AUTO,
    /** For people. */
    TEXT,
    /** One JSON object (RFC 8259) per line, for tools. */
    JSON;

    /** Set to {@code true} by the launcher if stderr is a terminal: Java itself can only tell of stdin and stdout. */
    static final String TERMINAL_PROPERTY = "headgate.terminal";

    LineFormat lines() {
        boolean text = this == TEXT || (this == AUTO && Boolean.getBoolean(TERMINAL_PROPERTY));
        return text ? new TextLines() : new JsonLines();
    }
}
