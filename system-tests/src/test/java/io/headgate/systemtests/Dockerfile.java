package io.headgate.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Dockerfile as its stages, in order; of the format, what ours uses. */
record Dockerfile(List<Stage> stages) {
    private static final Pattern FROM = Pattern.compile("(\\S+)(?: AS (\\S+))?");
    private static final Pattern PAIR = Pattern.compile("(\\S+?)=(?:\"([^\"]*)\"|(\\S*))");

    /**
     * One stage.
     *
     * @param base the image that it begins with
     * @param name what other stages call it, empty for one that none does
     */
    record Stage(String base, String name, List<Instruction> instructions) {
        /** What the last instruction of a kind says. */
        String last(String word) {
            return instructions.stream()
                    .filter(instruction -> instruction.word().equals(word))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError("no " + word + " in the stage from " + base))
                    .text();
        }

        /** All pairs of the instructions of a kind, {@code ENV} or {@code LABEL}. */
        Map<String, String> pairs(String word) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (Instruction instruction : instructions) {
                Matcher pair = PAIR.matcher(instruction.word().equals(word) ? instruction.text() : "");
                while (pair.find()) {
                    pairs.put(pair.group(1), pair.group(2) == null ? pair.group(3) : pair.group(2));
                }
            }
            return pairs;
        }
    }

    /** One instruction: a word such as {@code RUN} and what follows it, on one line. */
    record Instruction(String word, String text) {}

    static Dockerfile read(Path file) throws IOException {
        String joined = Files.readString(file).replaceAll("(?m)^\\s*#.*\n", "").replaceAll("\\\\\n\\s*", " ");
        List<Stage> stages = new ArrayList<>();
        for (String line : joined.lines().filter(each -> !each.isBlank()).toList()) {
            String[] parts = line.split("\\s+", 2);
            if (parts[0].equals("FROM")) {
                stages.add(stage(parts[1]));
            } else if (!stages.isEmpty()) {
                stages.get(stages.size() - 1).instructions().add(new Instruction(parts[0], parts[1]));
            } else {
                throw new AssertionError("an instruction before any FROM: " + line);
            }
        }
        return new Dockerfile(stages);
    }

    private static Stage stage(String text) {
        Matcher from = FROM.matcher(text);
        if (!from.matches()) {
            throw new AssertionError("FROM " + text);
        }
        return new Stage(from.group(1), from.group(2) == null ? "" : from.group(2), new ArrayList<>());
    }

    Stage image() {
        return stages.get(stages.size() - 1);
    }
}
