package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {
    @TempDir
    Path root;

    @Test
    void nothingIsLeftOfIt() throws Exception {
        DeltaTableWriter.warmUp(root.resolve("scratch"));
        try (Stream<Path> left = Files.walk(root)) {
            assertEquals(List.of(root, root.resolve("scratch")), left.toList());
        }
    }

    /** In a JVM of its own, as others load what they like: creating a table and commits to it take no Hadoop class. */
    @Test
    void noHadoopClassIsOnThePathOfACommit() throws Exception {
        Path classes = root.resolve("classes.log");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + classes,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Alone.class.getName(),
                        root.resolve("scratch").toString())
                .inheritIO()
                .start();
        assertEquals(0, jvm.waitFor());
        List<String> loaded = Files.readAllLines(classes);
        assertTrue(loaded.stream().anyMatch(line -> line.contains(ForcedOutput.class.getName())), "commits ran");
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.contains(" org.apache.hadoop."))
                        .toList());
    }

    /** The program of that JVM. */
    static final class Alone {
        private Alone() {}

        public static void main(String[] arguments) throws Exception {
            DeltaTableWriter.warmUp(Path.of(arguments[0]));
        }
    }
}
