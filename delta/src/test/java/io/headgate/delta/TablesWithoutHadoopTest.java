package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.RowCount;
import io.headgate.model.StreamRange;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As in the program, where Hadoop is not; here it is, for Kernel's own engine. */
class TablesWithoutHadoopTest {
    private static final int COMMITS = 5;

    @TempDir
    Path root;

    @Test
    void aTableIsWrittenAndReadFromItsCheckpoint() throws Exception {
        String all = System.getProperty("java.class.path");
        String program = Stream.of(all.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches("(hadoop|snappy)-.*"))
                .collect(Collectors.joining(File.pathSeparator));
        assertTrue(program.length() < all.length(), all);
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        program,
                        Alone.class.getName(),
                        root.toString())
                .inheritIO()
                .start();
        assertEquals(0, jvm.waitFor());
    }

    /** The program of that JVM. */
    static final class Alone {
        private Alone() {}

        public static void main(String[] arguments) throws Exception {
            assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.hadoop.conf.Configuration"));
            TestTable table = TestTable.create(Path.of(arguments[0]));
            table.foreignProperty("delta.checkpointInterval", "2");
            DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
            TableSnapshot base = writer.load(table.logged());
            for (int i = 0; i < COMMITS; i++) {
                base = table.commit(writer, base, new StreamRange(i, i + 1L));
            }
            assertEquals(0, writer.upkeepFailures());
            long checkpoint = TestTable.json(table.log().resolve("_last_checkpoint"))
                    .get("version")
                    .asLong();
            for (long version = 0; version < checkpoint; version++) {
                Files.delete(table.log().resolve(String.format(Locale.ROOT, "%020d.json", version)));
            }
            List<Long> seqs = TestTable.seqs(new StreamRange(0, COMMITS));
            assertEquals(seqs, table.seqsByKernel());
            long rows = 0;
            for (String file : table.filesThere()) {
                rows += RowCount.of(table.location().resolve(file));
            }
            assertEquals(seqs.size(), rows);
            DeltaTableWriter other = TestTable.writer("log-1", new LocalStorage());
            table.commit(other, other.load(table.logged()), new StreamRange(COMMITS, COMMITS + 1));
            assertEquals(TestTable.seqs(new StreamRange(0, COMMITS + 1)), table.seqsByKernel());
        }
    }
}
