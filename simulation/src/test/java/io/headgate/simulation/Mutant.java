package io.headgate.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A bug planted on purpose.
 *
 * @param name what the mutated code does wrong
 * @param edits how its sources differ from the real ones
 */
record Mutant(String name, List<Edit> edits) {
    /**
     * One place in a source file.
     *
     * @param file the file, from the repository's root
     * @param snippet what stands there, exactly once
     * @param replacement what is to stand there instead
     */
    record Edit(String file, String snippet, String replacement) {
        /** The file's text with this edit. */
        String applyTo(String source) {
            int at = source.indexOf(snippet);
            if (at < 0 || source.indexOf(snippet, at + 1) >= 0) {
                throw new AssertionError("The snippet of a planted bug is in " + file
                        + (at < 0 ? " no longer" : " more than once")
                        + ". The code was changed: plant the bug anew, in Mutants.java, where it belongs now, or take"
                        + " it out if it cannot be made any more.\nThe snippet:\n" + snippet);
            }
            return source.substring(0, at) + replacement + source.substring(at + snippet.length());
        }
    }

    static Mutant of(String name, String file, String snippet, String replacement) {
        return new Mutant(name, List.of(new Edit(file, snippet, replacement)));
    }

    /** The mutated sources, by their files' names. */
    String source(Path root, String file) throws IOException {
        String source = Files.readString(root.resolve(file));
        for (Edit edit : edits) {
            if (edit.file().equals(file)) {
                source = edit.applyTo(source);
            }
        }
        return source;
    }

    List<String> files() {
        return edits.stream().map(Edit::file).distinct().toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
