package io.headgate.gateway.config;

import io.headgate.model.Excerpt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration, turned into typed values. Whoever reads a key states its default, its range and a
 * sentence about it, and thereby makes it a known key with a variable of its own and a line in the reference page; what
 * nobody reads is unknown. A wrong value becomes a problem and reads as its default, so that one pass finds all
 * problems.
 *
 * <pre>
 *   Settings http = all.section("http", "Where devices call.");
 *   int port = http.integer("port", 8080, 0, 65_535, "The port; 0 takes any free one.");
 *   List&lt;Client&gt; clients = http.sections("clients", "Who calls.", client -> new Client(
 *       client.requiredText("name", "fleet-a", "What it is called."),
 *       client.requiredSecret("password", "s3cr3t", "What it proves that with.")));   // or password-file
 * </pre>
 *
 * Keys that must be given state an example, which also stands in for them where they are missing, so it must be right.
 */
final class Settings {
    private static final String MISSING = "is missing";

    /** Given, and told to be unreadable. */
    private static final Setting UNREADABLE = new Setting(null, "");

    /** What all sections share. */
    private record Shared(
            Given given,
            Path file,
            List<String> problems,
            Map<String, Key> declared,
            Map<String, String> sections,
            List<EffectiveSetting> effective,
            Set<Path> secretFiles) {}

    private final Shared shared;

    /** What comes before the names of our keys, and how the reference says that. */
    private final String prefix;

    private final String declaredPrefix;

    /**
     * @param file the configuration; relative paths start beside it
     * @param problems where problems go
     */
    Settings(Given given, Path file, List<String> problems) {
        this(
                new Shared(
                        given,
                        file,
                        problems,
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new ArrayList<>(),
                        new LinkedHashSet<>()),
                "",
                "");
    }

    private Settings(Shared shared, String prefix, String declaredPrefix) {
        this.shared = shared;
        this.prefix = prefix;
        this.declaredPrefix = declaredPrefix;
    }

    /** The section {@code name}; its keys are read without that name before them. */
    Settings section(String name, String description) {
        shared.sections.put(declaredPrefix + name, description);
        return new Settings(shared, prefix + name + ".", declaredPrefix + name + ".");
    }

    /** Text that is not blank. */
    String text(String name, String byDefault, String description) {
        return value(key(name, Key.Kind.TEXT, byDefault, "", description), name, byDefault, Settings::notBlank);
    }

    String requiredText(String name, String example, String description) {
        return required(name, Key.Kind.TEXT, example, description);
    }

    /** Text that may be missing. */
    Optional<String> optionalText(String name, String description) {
        return value(
                key(name, Key.Kind.TEXT, Key.NONE, "", description),
                name,
                "",
                text -> Optional.of(text).filter(t -> !t.isBlank()));
    }

    /**
     * A value of a form of its own that may be missing.
     *
     * @param byDefault how the reference names {@code otherwise}
     * @param otherwise the value if none is given
     * @param parse throws IllegalArgumentException with the end of a sentence
     */
    <T> Optional<T> optional(
            String name,
            String byDefault,
            Optional<T> otherwise,
            String range,
            String description,
            Function<String, T> parse) {
        return value(
                key(name, Key.Kind.TEXT, byDefault, range, description),
                name,
                "",
                text -> text.isEmpty() ? otherwise : Optional.of(parse.apply(text)));
    }

    /**
     * Text that no message, log line or listing shows; given as {@code name}, or as {@code name-file} naming a file that
     * holds nothing else (its last line break does not count).
     */
    String requiredSecret(String name, String example, String description) {
        return required(name, Key.Kind.SECRET, example, description);
    }

    /** The same, of a form of its own; {@code parse} throws IllegalArgumentException with the end of a sentence. */
    <T> T required(String name, String example, String description, Function<String, T> parse) {
        return value(key(name, Key.Kind.TEXT, Key.REQUIRED, "such as " + example, description), name, example, parse);
    }

    private String required(String name, Key.Kind kind, String example, String description) {
        return value(
                key(name, kind, Key.REQUIRED, "such as " + example, description), name, example, Settings::notBlank);
    }

    /** A path; a relative one starts at the configuration's directory. */
    Path path(String name, String byDefault, String description) {
        return value(
                key(name, Key.Kind.PATH, byDefault, "", description), name, byDefault, text -> beside(notBlank(text)));
    }

    boolean flag(String name, boolean byDefault, String description) {
        String text = Boolean.toString(byDefault);
        return value(key(name, Key.Kind.FLAG, text, "", description), name, text, given -> {
            check(given.equals("true") || given.equals("false"), "is neither true nor false");
            return Boolean.valueOf(given);
        });
    }

    int integer(String name, int byDefault, int min, int max, String description) {
        String text = Integer.toString(byDefault);
        String range = min + " to " + max;
        return value(key(name, Key.Kind.INTEGER, text, range, description), name, text, given -> {
            check(given.matches("[0-9]{1,9}"), "is not a whole number");
            int number = Integer.parseInt(given);
            check(number >= min && number <= max, "is not from " + range);
            return number;
        });
    }

    long bytes(String name, String byDefault, String min, String max, String description) {
        return bytes(name, byDefault, byDefault, min, max, description);
    }

    /** The same with a default that the reference describes in words. */
    long bytes(String name, long fallback, String inWords, String min, String max, String description) {
        return bytes(name, Long.toString(fallback), inWords, min, max, description);
    }

    private long bytes(String name, String fallback, String shown, String min, String max, String description) {
        String range = min + " to " + max;
        return value(key(name, Key.Kind.BYTES, shown, range, description), name, fallback, given -> {
            long bytes = Units.bytes(given);
            check(bytes >= Units.bytes(min) && bytes <= Units.bytes(max), "is not from " + range);
            return bytes;
        });
    }

    Duration duration(String name, String byDefault, String min, String max, String description) {
        return duration(name, byDefault, byDefault, min, max, description);
    }

    /** The same with a default that the reference describes in words. */
    Duration duration(String name, Duration fallback, String inWords, String min, String max, String description) {
        return duration(name, fallback.toMillis() + "ms", inWords, min, max, description);
    }

    private Duration duration(String name, String fallback, String shown, String min, String max, String description) {
        String range = min + " to " + max;
        return value(key(name, Key.Kind.DURATION, shown, range, description), name, fallback, given -> {
            Duration duration = Units.duration(given);
            check(
                    duration.compareTo(Units.duration(min)) >= 0 && duration.compareTo(Units.duration(max)) <= 0,
                    "is not from " + range);
            return duration;
        });
    }

    /** A moment, in UTC or with an offset; may be missing. */
    Optional<Instant> optionalInstant(String name, String description) {
        return value(
                key(name, Key.Kind.INSTANT, Key.NONE, "such as 2026-12-31T00:00:00Z", description), name, "", text -> {
                    try {
                        return text.isEmpty()
                                ? Optional.empty()
                                : Optional.of(OffsetDateTime.parse(text).toInstant());
                    } catch (DateTimeParseException e) {
                        throw new IllegalArgumentException("is no moment such as 2026-12-31T00:00:00Z", e);
                    }
                });
    }

    /** One of a few words. */
    String word(String name, String byDefault, List<String> words, String description) {
        String range = String.join(", ", words);
        return value(key(name, Key.Kind.WORD, byDefault, range, description), name, byDefault, given -> {
            check(words.contains(given), "is not one of: " + range);
            return given;
        });
    }

    /**
     * A list of values, empty by default: a list in the file or words with commas between them there or in the
     * variable, which replace the file's, or single entries in variables ending in {@code _0}, {@code _1}.
     *
     * @param parse an entry from its text; throws IllegalArgumentException with the end of a sentence begun by the text
     */
    <T> List<T> list(String name, String example, String description, Function<String, T> parse) {
        declare(key(name, Key.Kind.LIST, Key.NONE, "such as " + example, description));
        List<T> values = new ArrayList<>();
        entries(name).forEach((key, setting) -> {
            try {
                values.add(parse.apply(setting.value() == null ? "" : setting.value()));
                shared.effective.add(new EffectiveSetting(key, String.valueOf(setting.value()), setting.where()));
            } catch (IllegalArgumentException e) {
                add(setting.where(), key, quoted(setting.value()) + ", which " + e.getMessage());
            }
        });
        return List.copyOf(values);
    }

    /** What was given for the list {@code name}, by key. */
    private Map<String, Setting> entries(String name) {
        String key = prefix + name;
        Setting whole = shared.given.ask(key);
        Map<Integer, Setting> entries = new TreeMap<>();
        if (whole != null && whole.value() != null) {
            for (String word : whole.value().split(",", -1)) {
                entries.put(entries.size(), new Setting(word.strip(), whole.where()));
            }
        }
        boolean replaced = shared.given.isInEnvironment(key);
        if (replaced && !shared.given.indexesInEnvironment(key).isEmpty()) {
            problem(name, "is given whole and by entries in the environment: unset one");
        }
        for (int index : shared.given.indexes(key)) {
            Setting entry = shared.given.ask(key + "." + index);
            if (entry != null && !replaced) {
                entries.put(index, entry);
            }
        }
        requireGapless(name, entries.keySet());
        Map<String, Setting> byKey = new LinkedHashMap<>();
        entries.forEach((index, setting) -> byKey.put(key + "." + index, setting));
        return byKey;
    }

    private void requireGapless(String name, Set<Integer> indexes) {
        int expected = 0;
        for (int index : indexes) {
            if (index != expected++) {
                problem(name, "has an entry " + index + " and none before it: number entries from 0 without gaps");
                return;
            }
        }
    }

    /**
     * A list of sections, empty by default. Variables change an entry or add one after the last:
     * {@code HEADGATE_A_B_0_NAME} is the key {@code name} of the first entry of {@code a.b}.
     *
     * @param read an entry from its section
     */
    <T> List<T> sections(String name, String description, Function<Settings, T> read) {
        String declaredEntry = declaredPrefix + name + ".<n>";
        shared.sections.put(declaredEntry, description);
        declareEntry(declaredEntry, read);
        Set<Integer> indexes = shared.given.indexes(prefix + name);
        requireGapless(name, indexes);
        askSection(prefix + name);
        List<T> all = new ArrayList<>();
        for (int index : indexes) {
            all.add(read.apply(new Settings(shared, prefix + name + "." + index + ".", declaredEntry + ".")));
        }
        return List.copyOf(all);
    }

    /**
     * Sections whose names the operator chooses in the file. Their settings can be overridden by variables; only the
     * file can add one, since a variable does not tell a dot from a dash.
     *
     * @param placeholder what the reference calls such a name
     * @param parts of how many parts joined by dots a name is
     * @param read an entry from its section
     */
    <T> Map<String, T> named(
            String name, String placeholder, int parts, String description, Function<Settings, T> read) {
        String declaredEntry = declaredPrefix + name + "." + placeholder;
        shared.sections.put(declaredEntry, description);
        declareEntry(declaredEntry, read);
        askSection(prefix + name);
        Map<String, T> all = new LinkedHashMap<>();
        for (String entry : namesIn(name, parts)) {
            askSection(prefix + name + "." + entry);
            all.put(entry, read.apply(new Settings(shared, prefix + name + "." + entry + ".", declaredEntry + ".")));
        }
        return all;
    }

    /**
     * Words by names that the operator chooses in the file, which may hold dots. Variables can override them, as above.
     *
     * @param placeholder what the reference calls such a name
     * @param words what is accepted
     * @param section what the whole is for
     * @param description what one is
     * @param parse a value from its word; throws IllegalArgumentException with the end of a sentence
     */
    <T> Map<String, T> words(
            String name,
            String placeholder,
            List<String> words,
            String section,
            String description,
            Function<String, T> parse) {
        shared.sections.put(declaredPrefix + name, section);
        Key declared = key(name + "." + placeholder, Key.Kind.WORD, Key.NONE, String.join(", ", words), description);
        declare(declared);
        askSection(prefix + name);
        Map<String, T> all = new LinkedHashMap<>();
        for (String entry : shared.given.inFile(prefix + name).keySet()) {
            all.put(entry, value(declared, name + "." + entry, words.get(0), parse));
        }
        return all;
    }

    private Set<String> namesIn(String name, int parts) {
        Set<String> names = new LinkedHashSet<>();
        shared.given.inFile(prefix + name).forEach((below, setting) -> {
            List<String> words = List.of(below.split("\\.", -1));
            // A section without anything in it is a key without a value.
            boolean empty = setting.value() == null && words.size() == parts;
            int named = empty || words.size() == 1 ? words.size() : Math.min(parts, words.size() - 1);
            names.add(String.join(".", words.subList(0, named)));
        });
        return names;
    }

    /** Makes {@code key} known as one that has keys below it and no value. */
    private void askSection(String key) {
        Setting setting = shared.given.ask(key);
        if (setting != null && setting.value() != null) {
            add(setting.where(), key, "is a section, not a value");
        }
    }

    /** Reads an entry as if nothing was given, for what is declared by it. */
    private <T> void declareEntry(String declaredEntry, Function<Settings, T> read) {
        List<String> problems = new ArrayList<>();
        Shared nothing = new Shared(
                new Given(Map.of(), Map.of()),
                shared.file,
                problems,
                shared.declared,
                shared.sections,
                new ArrayList<>(),
                new LinkedHashSet<>());
        T entry = read.apply(new Settings(nothing, declaredEntry + ".", declaredEntry + "."));
        problems.removeIf(problem -> problem.contains("' " + MISSING));
        if (!problems.isEmpty()) {
            throw new IllegalStateException("The examples of " + declaredEntry + " make " + entry + ": " + problems);
        }
    }

    /** Adds a problem unless {@code holds}; {@code name} is the key that the operator should look at first. */
    void require(boolean holds, String name, String problem) {
        if (!holds) {
            problem(name, problem);
        }
    }

    /** @param problem ends the sentence that the key's name begins, without its full stop; or asks a question */
    void problem(String name, String problem) {
        String own = shared.given.where(prefix + name);
        add(own.isEmpty() ? whereSection() : own, prefix + name, problem);
    }

    /** Where this section begins; empty if it was not given. */
    private String whereSection() {
        return shared.given.where(prefix.replaceAll("\\.$", ""));
    }

    /** Whether anybody gave {@code name} a value, right or wrong. */
    boolean isGiven(String name) {
        return shared.given.ask(prefix + name) != null;
    }

    private void add(String where, String key, String problem) {
        String end = problem.endsWith("?") ? "" : ".";
        shared.problems.add((where.isEmpty() ? "" : where + ": ") + "'" + key + "' " + problem + end);
    }

    /** Makes a problem of everything that was given and never read. To be called last, on the whole. */
    void refuseUnknown() {
        UnknownKeys unknown = new UnknownKeys(shared.given);
        unknown.inFile().forEach((key, problem) -> add(shared.given.where(key), key, problem));
        shared.problems.addAll(unknown.variables());
    }

    /** Every key read so far, in that order; those within lists and named sections once. */
    List<Key> declared() {
        return List.copyOf(shared.declared.values());
    }

    /** What each section is for, in the order of reading. */
    Map<String, String> sectionDescriptions() {
        return new LinkedHashMap<>(shared.sections);
    }

    /** Every value read so far and where it came from. */
    List<EffectiveSetting> effective() {
        return List.copyOf(shared.effective);
    }

    /** The files that hold secrets, the configuration itself among them if it does. */
    Set<Path> secretFiles() {
        return new LinkedHashSet<>(shared.secretFiles);
    }

    private Key key(String name, Key.Kind kind, String byDefault, String range, String description) {
        return new Key(declaredPrefix + name, kind, byDefault, range, description);
    }

    private void declare(Key key) {
        shared.declared.putIfAbsent(key.name(), key);
    }

    private <T> T value(Key declared, String name, String fallback, Function<String, T> parse) {
        declare(declared);
        boolean secret = declared.kind() == Key.Kind.SECRET;
        Setting setting = secret ? secret(name) : ask(name);
        if (setting == null && declared.byDefault().equals(Key.REQUIRED)) {
            add(whereSection(), prefix + name, MISSING + ": give one, " + declared.range());
        }
        if (setting == null) {
            return use(declared, name, fallback, "", parse);
        }
        if (setting.equals(UNREADABLE)) {
            return parse.apply(fallback);
        }
        if (setting.value() == null) {
            problem(name, "has no value: give one, or remove the key" + byDefault(declared));
            return parse.apply(fallback);
        }
        try {
            return use(declared, name, setting.value(), setting.where(), parse);
        } catch (IllegalArgumentException e) {
            add(
                    setting.where(),
                    prefix + name,
                    secret ? String.valueOf(e.getMessage()) : quoted(setting.value()) + ", which " + e.getMessage());
            return parse.apply(fallback);
        }
    }

    private static String byDefault(Key declared) {
        return switch (declared.byDefault()) {
            case Key.REQUIRED, Key.NONE -> "";
            default -> " for the default of " + declared.byDefault();
        };
    }

    private <T> T use(Key declared, String name, String text, String where, Function<String, T> parse) {
        T value = parse.apply(text);
        String shown = switch (declared.kind()) {
            case SECRET -> EffectiveSetting.MASK;
            case PATH -> String.valueOf(value);
            default -> text;
        };
        shared.effective.add(new EffectiveSetting(prefix + name, shown, where));
        return value;
    }

    private @Nullable Setting ask(String name) {
        Setting setting = shared.given.ask(prefix + name);
        String rival = shared.given.rivalOf(prefix + name);
        if (setting != null && rival != null) {
            add(setting.where(), prefix + name, "has the same variable as '" + rival + "': change the file instead");
        }
        return setting;
    }

    /** A secret given by itself or by its file; of those from the environment if there is one. */
    private @Nullable Setting secret(String name) {
        String fileName = name + "-file";
        Setting own = ask(name);
        Setting byFile = ask(fileName);
        boolean ownInEnvironment = shared.given.isInEnvironment(prefix + name);
        boolean fileInEnvironment = shared.given.isInEnvironment(prefix + fileName);
        if (own != null && !ownInEnvironment) {
            shared.secretFiles.add(shared.file);
        }
        if (own == null || byFile == null) {
            return byFile == null ? own : fromFile(fileName, byFile);
        }
        if (ownInEnvironment == fileInEnvironment) {
            problem(name, "and '" + prefix + fileName + "' are both given: remove one");
        }
        return ownInEnvironment ? own : fromFile(fileName, byFile);
    }

    private Setting fromFile(String fileName, Setting setting) {
        if (setting.value() == null) {
            problem(fileName, "has no value: name the file that holds the secret");
            return UNREADABLE;
        }
        Path file = beside(setting.value());
        shared.secretFiles.add(file);
        try {
            return new Setting(SecretFile.read(file), setting.where());
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof IOException ? "cannot be read: " + e : String.valueOf(e.getMessage());
            problem(fileName, "names " + file + ", which " + why);
            return UNREADABLE;
        }
    }

    private Path beside(String path) {
        return shared.file.resolveSibling(path).normalize();
    }

    private static String quoted(@Nullable String value) {
        return "is '" + Excerpt.of(String.valueOf(value)) + "'";
    }

    private static String notBlank(String text) {
        check(!text.isBlank(), "is blank");
        return text;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
