package io.headgate.gateway.config;

import java.util.List;

/** All that is wrong with a configuration; the message has one line per problem and is fit for the operator. */
public final class ConfigException extends Exception {
    private final List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one sentence or two each, one at the least. */
    public List<String> problems() {
        return problems;
    }
}
