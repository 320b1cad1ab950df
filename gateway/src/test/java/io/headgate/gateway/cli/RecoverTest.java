package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a gateway that was killed: table t with 24 rows committed and 5 waiting, table u with 20 waiting. */
class RecoverTest {
    @TempDir
    Path directory;

    private GatewayData data;
    private TableName t;
    private TableName u;

    RecoverTest() {}

    @BeforeEach
    void fill() throws Exception {
        data = new GatewayData(directory);
        t = data.create("main.fleet.t");
        u = data.create("main.fleet.u");
        data.accept(u, 10, 1);
        for (int commit = 0; commit < 2; commit++) {
            data.accept(t, 6, 2);
            data.commit(t);
        }
        data.accept(t, 5, 1);
        data.accept(u, 10, 1);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private Run recover(Path log, int exitCode, String says) {
        Run run = data.run("recover", "--timeout", "1s", "--log", log.toString());
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out() + run.err()).find(), run::toString);
        return run;
    }

    private long rows(TableName table) {
        return data.run("table", "rows", table.toString()).out().lines().count();
    }

    @Test
    void everyRowIsCommittedOnce() throws Exception {
        data.close();
        // Where the log lies now, or what the configuration says of its own, makes no difference.
        Path elsewhere = Files.move(directory.resolve("log"), directory.resolve("rescued"));
        recover(
                elsewhere,
                0,
                "(?s)fleet.t: 5 rows committed.*fleet.u: 20 rows committed.*all rows are in their tables");
        assertEquals(29, rows(t));
        assertEquals(20, rows(u));
        Run again = recover(elsewhere, 0, "all rows are in their tables");
        assertTrue(!again.out().contains("committed"), again::out);
        assertEquals(29, rows(t));
    }

    @Test
    void aLogInUseIsLeftAlone() {
        recover(directory.resolve("log"), 6, "is in use by this process");
    }

    @Test
    void whereThereIsNoLogNoneIsMade() throws Exception {
        recover(directory.resolve("nothing"), 1, "There is no log in");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        recover(empty, 1, "There is no log in");
        assertEquals(0, GatewayData.files(empty, ".*").count());
    }

    @Test
    void rowsOfATableThatIsGoneAreKept() throws Exception {
        data.close();
        Files.move(data.table(u), directory.resolve("aside"));
        recover(
                directory.resolve("log"),
                1,
                "(?s)fleet.t: 5 rows committed.*fleet.u: 20 rows left: .*keeps what is left");
        Files.move(directory.resolve("aside"), data.table(u));
        recover(directory.resolve("log"), 0, "fleet.u: 20 rows committed");
        assertEquals(20, rows(u));
        assertEquals(29, rows(t));
    }
}
