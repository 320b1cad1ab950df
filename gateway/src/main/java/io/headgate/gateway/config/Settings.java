package io.headgate.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings turned into typed values. Whoever asks for a key states its default and its range, and thereby makes it a
 * known key; what nobody asked for is unknown. A wrong value becomes a problem and reads as its default, so that one
 * pass finds all problems.
 */
final class Settings {
    private final Map<String, Setting> given;
    private final Path directory;
    private final List<String> problems;
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Set<String> namedSections = new LinkedHashSet<>();

    /**
     * @param given what was given, by key
     * @param directory what relative paths start from
     * @param problems where problems go
     */
    Settings(Map<String, Setting> given, Path directory, List<String> problems) {
        this.given = given;
        this.directory = directory;
        this.problems = problems;
    }

    /** Text that is not blank. */
    String text(String key, String byDefault) {
        return value(key, byDefault, text -> {
            check(!text.isBlank(), "is blank");
            return text;
        });
    }

    /** A path; a relative one starts at the configuration's directory. */
    Path path(String key, String byDefault) {
        return value(key, byDefault, text -> {
            check(!text.isBlank(), "is blank");
            return directory.resolve(text).normalize();
        });
    }

    int integer(String key, int byDefault, int min, int max) {
        return value(key, Integer.toString(byDefault), text -> {
            check(text.matches("[0-9]{1,9}"), "is not a whole number");
            int number = Integer.parseInt(text);
            check(number >= min && number <= max, "is not from " + min + " to " + max);
            return number;
        });
    }

    long bytes(String key, String byDefault, String min, String max) {
        return value(key, byDefault, text -> {
            long bytes = Units.bytes(text);
            check(bytes >= Units.bytes(min) && bytes <= Units.bytes(max), "is not from " + min + " to " + max);
            return bytes;
        });
    }

    Duration duration(String key, String byDefault, String min, String max) {
        return value(key, byDefault, text -> {
            Duration duration = Units.duration(text);
            check(
                    duration.compareTo(Units.duration(min)) >= 0 && duration.compareTo(Units.duration(max)) <= 0,
                    "is not from " + min + " to " + max);
            return duration;
        });
    }

    /** One of a few words. */
    String word(String key, String byDefault, Set<String> words) {
        return value(key, byDefault, text -> {
            check(words.contains(text), "is not one of: " + String.join(", ", words));
            return text;
        });
    }

    /** The names that the operator chose within {@code section}: {@code a.b} for the key {@code section.a.b.key}. */
    Set<String> namesIn(String section) {
        namedSections.add(section);
        String prefix = section + ".";
        Set<String> names = new LinkedHashSet<>();
        for (String key : given.keySet()) {
            int end = key.lastIndexOf('.');
            if (key.startsWith(prefix) && end > prefix.length()) {
                names.add(key.substring(prefix.length(), end));
            }
        }
        return names;
    }

    /** Adds a problem unless {@code holds}; {@code key} is the one that the operator should look at first. */
    void require(boolean holds, String key, String problem) {
        if (!holds) {
            problem(key, problem);
        }
    }

    void problem(String key, String problem) {
        Setting setting = given.get(key);
        String where = setting == null ? "" : setting.where() + ": ";
        problems.add(where + "'" + key + "' " + problem + ".");
    }

    /** Makes a problem of every key that was given and never asked for. To be called last. */
    void refuseUnknown() {
        given.forEach((key, setting) -> {
            if (!defaults.containsKey(key) && !(setting.value() == null && isSection(key))) {
                problem(key, unknown(key));
            }
        });
    }

    private String unknown(String key) {
        if (isSection(key)) {
            return "is a section, not a value" + known(": its keys are ", key + ".");
        }
        return "is not a known key" + known(": known there are ", key.substring(0, key.lastIndexOf('.') + 1));
    }

    private boolean isSection(String key) {
        return namedSections.contains(key) || defaults.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private String known(String introduction, String prefix) {
        String names = Stream.concat(defaults.keySet().stream(), namedSections.stream())
                .filter(known -> known.startsWith(prefix))
                .map(known -> known.substring(prefix.length()).split("\\.", 2)[0])
                .distinct()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : introduction + names;
    }

    /** Every key asked for so far with its default, in that order. */
    Map<String, String> defaults() {
        return new LinkedHashMap<>(defaults);
    }

    private <T> T value(String key, String byDefault, Function<String, T> parse) {
        defaults.put(key, byDefault);
        Setting setting = given.get(key);
        if (setting == null) {
            return parse.apply(byDefault);
        }
        if (setting.value() == null) {
            problem(key, "has no value: give one, or remove the key for the default of " + byDefault);
            return parse.apply(byDefault);
        }
        try {
            return parse.apply(setting.value());
        } catch (IllegalArgumentException e) {
            problem(key, "is '" + setting.value() + "', which " + e.getMessage());
            return parse.apply(byDefault);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
