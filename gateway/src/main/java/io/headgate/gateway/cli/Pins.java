package io.headgate.gateway.cli;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The option {@code --pin}: columns that a token's bearer may fill with its subject only. */
final class Pins {
    private Pins() {}

    /** @param given null if none was */
    static Set<String> of(@Nullable List<String> given) {
        if (given == null) {
            return Set.of();
        }
        if (given.stream().anyMatch(String::isBlank)) {
            throw new CommandException(ExitCode.USAGE, "--pin is blank: name the column.");
        }
        return given.stream().collect(Collectors.toUnmodifiableSet());
    }

    /** What comes after another key of an entry of {@code auth.service-principals}; nothing if there are none. */
    static String yaml(Set<String> pins) {
        return pins.isEmpty()
                ? ""
                : pins.stream()
                        .sorted()
                        .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(", ", ", pin: [ ", " ]"));
    }
}
