package io.headgate.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML file as a flat map from dotted key to setting, each with its line: {@code http: { port: 1 }} is
 * {@code http.port}, the first entry of a list {@code a} is {@code a.0}. Flat, so that the same key can be given in
 * other ways too. Read with snakeyaml-engine: it hands out nodes with their lines, reads YAML 1.2, and needs nothing.
 */
final class YamlSettings {
    private static final int DEPTH_MAX = 8;

    private final String fileName;
    private final List<String> problems;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private YamlSettings(String fileName, List<String> problems) {
        this.fileName = fileName;
        this.problems = problems;
    }

    /** The settings of {@code file}; what keeps it from being read goes to {@code problems}. */
    static Map<String, Setting> of(Path file, List<String> problems) {
        YamlSettings yaml = new YamlSettings(file.toString(), problems);
        try {
            yaml.read(Files.readString(file));
        } catch (IOException e) {
            problems.add("Cannot read the configuration " + file + ": " + e
                    + ". Name another with --config, or run 'headgate quickstart' to have one made.");
        }
        return yaml.settings;
    }

    private void read(String text) {
        try {
            new Compose(LoadSettings.builder().setLabel(fileName).build())
                    .composeString(text)
                    .filter(root -> !isNull(root))
                    .ifPresent(this::addRoot);
        } catch (MarkedYamlEngineException e) {
            problems.add(where(e.getProblemMark()) + ": not YAML: " + e.getProblem() + ".");
        } catch (YamlEngineException e) {
            problems.add(fileName + ": not YAML: " + e.getMessage());
        }
    }

    private void addRoot(Node root) {
        if (root instanceof MappingNode mapping) {
            addAll("", mapping, 1);
        } else {
            problems.add(where(root.getStartMark()) + ": the configuration must be a map of sections such as"
                    + " 'http: { port: 8080 }'.");
        }
    }

    private void addAll(String prefix, MappingNode mapping, int depth) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                add(prefix + key.getValue(), key, entry.getValueNode(), depth);
            } else {
                problems.add(where(entry.getKeyNode().getStartMark()) + ": a key must be a plain word.");
            }
        }
    }

    private void add(String key, Node at, Node value, int depth) {
        if (depth > DEPTH_MAX) {
            problems.add(where(at.getStartMark()) + ": '" + key + "' is nested too deeply.");
        } else if (value instanceof MappingNode mapping) {
            addAll(key + ".", mapping, depth + 1);
            if (mapping.getValue().isEmpty()) {
                put(key, at, null);
            }
        } else if (value instanceof SequenceNode sequence) {
            if (sequence.getValue().isEmpty()) {
                put(key, at, null);
            }
            int index = 0;
            for (Node element : sequence.getValue()) {
                add(key + "." + index++, element, element, depth + 1);
            }
        } else if (value instanceof ScalarNode scalar) {
            put(key, at, isNull(scalar) ? null : scalar.getValue());
        }
    }

    private void put(String key, Node at, @Nullable String value) {
        String where = where(at.getStartMark());
        Setting earlier = settings.putIfAbsent(key, new Setting(value, where));
        if (earlier != null) {
            problems.add(where + ": '" + key + "' was already given at " + earlier.where() + ": remove one.");
        }
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String where(Optional<Mark> mark) {
        return mark.map(m -> fileName + ":" + (m.getLine() + 1)).orElse(fileName);
    }
}
