package io.headgate.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was given and nobody asked for, with what it was probably meant to be. */
final class UnknownKeys {
    private static final String TABLES = Key.variable("tables") + "_";

    private final Given given;

    /** @param given after everything was asked for */
    UnknownKeys(Given given) {
        this.given = given;
    }

    /** The ends of sentences that begin with a key, by key, in the order of the file. */
    Map<String, String> inFile() {
        Map<String, String> problems = new LinkedHashMap<>();
        given.unknownInFile().forEach((key, setting) -> {
            if (setting.value() != null || !isSection(key)) {
                problems.put(key, problem(key));
            }
        });
        return problems;
    }

    /** Whole sentences, each beginning with a variable. */
    List<String> variables() {
        List<String> problems = new ArrayList<>();
        for (String variable : given.unknownVariables()) {
            problems.add(variable + ": is the variable of no known key: " + meant(variable));
        }
        return problems;
    }

    private String meant(String variable) {
        if (variable.startsWith(TABLES)) {
            return "a table's settings can be overridden only if the file names the table under 'tables'.";
        }
        return Nearest.to(variable, given.asked().stream().map(Key::variable).toList())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("unset it, or see docs/CONFIGURATION.md for those that are.");
    }

    private String problem(String key) {
        if (isSection(key)) {
            return "is a section, not a value" + known(": its keys are ", key + ".");
        }
        String parent = key.substring(0, key.lastIndexOf('.') + 1);
        return "is not a known key"
                + Nearest.to(key, given.asked())
                        .map(nearest -> ": did you mean '" + nearest + "'?")
                        .orElseGet(() -> known(": known there are ", parent));
    }

    private boolean isSection(String key) {
        return given.asked().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private String known(String introduction, String parent) {
        String names = given.asked().stream()
                .filter(known -> known.startsWith(parent))
                .map(known -> known.substring(parent.length()).split("\\.", 2)[0])
                .distinct()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : introduction + names;
    }
}
