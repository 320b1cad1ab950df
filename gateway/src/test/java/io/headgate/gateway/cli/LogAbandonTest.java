package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log with 6 rows of t in their table and 3 waiting, and 4 rows of u, which was dropped. */
class LogAbandonTest {
    @TempDir
    Path directory;

    private GatewayData data;
    private TableName t;
    private Path export;

    LogAbandonTest() {}

    @BeforeEach
    void fill() throws Exception {
        export = directory.resolve("rows.json");
        data = new GatewayData(directory);
        t = data.create("main.fleet.t");
        TableName u = data.create("main.fleet.u");
        data.accept(t, 3, 2);
        data.commit(t);
        data.accept(u, 2, 2);
        data.accept(t, 3, 1);
        Files.move(data.table(u), directory.resolve("dropped"));
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private void abandon(String table, int exitCode, String says) {
        Run run = data.run("log", "abandon", table, "--export", export.toString());
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out() + run.err()).find(), run::toString);
    }

    @Test
    void itsRowsAreInTheFileAndNeverAbandonedTwice() throws Exception {
        data.close();
        abandon("main.fleet.u", 0, "4 rows of main.fleet.u .* are in .*rows.json; they will not be committed");
        List<String> rows = Files.readAllLines(export);
        assertEquals(4, rows.size());
        assertTrue(rows.get(1).matches("\\{\"text\":\"x+\",\"number\":1}"), rows.get(1));
        assertTrue(data.run("log", "dump", "--table", "main.fleet.u").out().contains("\"where\":\"" + export));
        assertVerified("the log has 4 rows of table main.fleet.u .*, which were abandoned; they are in " + export);
        Files.delete(export);
        abandon("main.fleet.u", 1, "there is nothing to abandon");
        assertTrue(Files.notExists(export));
    }

    @Test
    void rowsThatAreInTheTableAreNotExported() throws Exception {
        data.close();
        abandon(data.schema(t).table().id().value(), 0, "3 rows of main.fleet.t");
        assertEquals(3, Files.readAllLines(export).size());
        Files.move(directory.resolve("dropped"), directory.resolve("tables/main/fleet/u"));
        assertVerified("(?s)t: fine.*waiting  0 rows.*3 rows of positions .* were abandoned");
    }

    private void assertVerified(String says) {
        Run run = data.run("verify");
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out()).find(), run::out);
    }

    @Test
    void nothingIsOverwrittenAndNothingInvented() throws Exception {
        data.close();
        abandon("main.fleet.nobody", 1, "has nothing of table main.fleet.nobody");
        Files.writeString(export, "mine");
        abandon("main.fleet.u", 1, "already; it was left as it is");
        assertEquals("mine", Files.readString(export));
        Files.delete(export);
        abandon("main.fleet.u", 0, "4 rows");
    }

    @Test
    void aLogInUseIsLeftAlone() {
        abandon("main.fleet.u", 6, "is in use by this process");
        assertTrue(Files.notExists(export));
    }
}
