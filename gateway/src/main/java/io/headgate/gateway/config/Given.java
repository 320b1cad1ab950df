package io.headgate.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was given: the settings of the file, and the variables of the environment, which go before them. A variable
 * cannot be turned back into a key ({@code _} stands for three characters), so keys are turned into variables instead,
 * when they are asked for; a variable that nobody asked for is unknown.
 */
final class Given {
    static final String VARIABLE_PREFIX = "HEADGATE_";

    /** Meant for the launcher. */
    private static final Set<String> LAUNCHER_VARIABLES = Set.of("HEADGATE_JAVA_HOME", "HEADGATE_JAVA_OPTS");

    /**
     * What Kubernetes puts into every container for a service whose name begins with "headgate": nobody's setting, even
     * where it has the name of one ({@code HEADGATE_HTTP_PORT=tcp://…} for the service {@code headgate-http}).
     */
    private static final Pattern SERVICE_VARIABLE = Pattern.compile(
            "HEADGATE(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    /** An entry's number in a list. */
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,3}");

    private final Map<String, Setting> file;
    private final NavigableMap<String, Setting> fileInOrder;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> asked = new LinkedHashMap<>();
    private final Map<String, String> keyOfVariable = new HashMap<>();

    Given(Map<String, Setting> file, Map<String, String> environment) {
        this.file = file;
        this.fileInOrder = new TreeMap<>(file);
        environment.forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !isForOthers(name, value)) {
                this.environment.put(name, value);
            }
        });
    }

    private static boolean isForOthers(String name, String value) {
        return LAUNCHER_VARIABLES.contains(name)
                || SERVICE_VARIABLE.matcher(name).matches()
                || SERVICE_ADDRESS.matcher(value).matches();
    }

    /** The setting of {@code key}, which is thereby known; null if there is none. */
    @Nullable
    Setting ask(String key) {
        String variable = Key.variable(key);
        asked.put(key, variable);
        String value = environment.get(variable);
        if (value != null) {
            keyOfVariable.putIfAbsent(variable, key);
            return new Setting(value.isBlank() ? null : value, variable);
        }
        return file.get(key);
    }

    /** Another key that has the same variable, which is set; null if there is none. */
    @Nullable
    String rivalOf(String key) {
        String first = keyOfVariable.get(Key.variable(key));
        return first == null || first.equals(key) ? null : first;
    }

    boolean isInEnvironment(String key) {
        return environment.containsKey(Key.variable(key));
    }

    /** Where {@code key} or what is below it was given first; empty if it was not. */
    String where(String key) {
        String variable = Key.variable(key);
        if (environment.containsKey(variable)) {
            return variable;
        }
        Setting own = file.get(key);
        if (own != null) {
            return own.where();
        }
        return file.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(key + "."))
                .map(entry -> entry.getValue().where())
                .findFirst()
                .orElse("");
    }

    /** What the file has below {@code section}, by the rest of the key. */
    Map<String, Setting> inFile(String section) {
        Map<String, Setting> below = new LinkedHashMap<>();
        file.forEach((key, setting) -> {
            if (key.startsWith(section + ".")) {
                below.put(key.substring(section.length() + 1), setting);
            }
        });
        return below;
    }

    /** The numbers of the entries of the list {@code key}, in the file or in variables, in order. */
    Set<Integer> indexes(String key) {
        Set<Integer> indexes = indexesInEnvironment(key);
        // What begins with "key." is in one piece here: a list of thousands of sections is not gone through for each.
        fileInOrder
                .subMap(key + ".", key + "/")
                .keySet()
                .forEach(each ->
                        addIndex(indexes, each.substring(key.length() + 1).split("\\.", 2)[0]));
        return indexes;
    }

    Set<Integer> indexesInEnvironment(String key) {
        Set<Integer> indexes = new TreeSet<>();
        String prefix = Key.variable(key) + "_";
        for (String name : environment.keySet()) {
            if (name.startsWith(prefix)) {
                addIndex(indexes, name.substring(prefix.length()).split("_", 2)[0]);
            }
        }
        return indexes;
    }

    private static void addIndex(Set<Integer> indexes, String text) {
        if (INDEX.matcher(text).matches()) {
            indexes.add(Integer.valueOf(text));
        }
    }

    /** Every key that was asked for. */
    Set<String> asked() {
        return asked.keySet();
    }

    /** What the file gives and nobody asked for. */
    Map<String, Setting> unknownInFile() {
        Map<String, Setting> unknown = new LinkedHashMap<>(file);
        unknown.keySet().removeAll(asked.keySet());
        return unknown;
    }

    /** The variables that belong to no key that was asked for. */
    List<String> unknownVariables() {
        List<String> unknown = new ArrayList<>(environment.keySet());
        unknown.removeAll(asked.values());
        return unknown;
    }
}
