package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log that was copied with everything in its table, and went on in both places: here 12 rows, there 7 that are in the
 * table already.
 */
class NewLogTest {
    @TempDir
    Path directory;

    private GatewayData data;
    private TableName t;
    private Path copy;

    NewLogTest() {}

    @BeforeEach
    void fill() throws Exception {
        data = new GatewayData(directory);
        t = data.create("main.fleet.t");
        data.accept(t, 10, 2);
        data.commit(t);
        data.close();
        copy = directory.resolve("copy");
        copyLog(copy);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private void copyLog(Path target) throws IOException {
        Files.createDirectory(target);
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    /** Another process goes on with the log of that name. */
    private void reopen(String log) throws IOException {
        data = new GatewayData(directory, log);
        data.use(t);
    }

    private Run recover(int exitCode, String says, String... more) {
        String[] all = Stream.concat(
                        Stream.of(
                                "recover",
                                "--as-new-log",
                                "--log",
                                directory.resolve("log").toString(),
                                "--to",
                                directory.resolve("new").toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        Run run = data.run(all);
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out() + run.err()).find(), run::toString);
        return run;
    }

    private long rows() {
        return data.run("table", "rows", t.toString()).out().lines().count();
    }

    @Test
    void whatOnlyThisLogHasIsInTheNewOneAndThenInTheTableOnce() throws Exception {
        reopen("copy");
        data.accept(t, 7, 1);
        data.commit(t);
        data.close();
        reopen("log");
        data.accept(t, 12, 1);
        data.close();
        byte[] before = segments();
        recover(0, "(?s)fleet.t: 12 rows, from position 10 on.*let log.path name it");
        assertTrue(java.util.Arrays.equals(before, segments()), "the old log is as it was");
        Run committed = data.run(
                "recover", "--timeout", "1s", "--log", directory.resolve("new").toString());
        assertEquals(0, committed.exitCode(), committed::toString);
        assertEquals(20 + 7 + 12, rows());
        recover(1, "new is there already");
    }

    private byte[] segments() throws IOException {
        byte[] all = new byte[0];
        for (Path file : data.segments()) {
            byte[] more = Files.readAllBytes(file);
            int length = all.length;
            all = java.util.Arrays.copyOf(all, length + more.length);
            System.arraycopy(more, 0, all, length, more.length);
        }
        return all;
    }

    @Test
    void rowsFromBeforeTheCopyThatTheOtherMayHaveCommittedAreTheOperatorsToJudge() throws Exception {
        reopen("log");
        data.accept(t, 3, 1);
        data.close();
        delete(copy);
        copyLog(copy);
        reopen("copy");
        data.accept(t, 2, 1);
        data.commit(t);
        data.close();
        reopen("log");
        data.accept(t, 4, 1);
        data.close();
        recover(1, "positions 10 to 12 may have been in both logs .* --from main.fleet.t=POSITION");
        assertTrue(Files.notExists(directory.resolve("new")));
        recover(0, "fleet.t: 4 rows, from position 13 on", "--from", "main.fleet.t=13");
    }

    private static void delete(Path copy) throws IOException {
        try (Stream<Path> files = Files.list(copy)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(copy);
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertEquals(2, data.run("recover", "--log", "x", "--as-new-log").exitCode());
        assertEquals(2, data.run("recover", "--log", "x", "--to", "y").exitCode());
        assertEquals(2, data.run("recover", "--log", "x", "--from", t + "=1").exitCode());
    }

    @Test
    void aLogInUseIsLeftAlone() throws Exception {
        reopen("log");
        recover(6, "is in use by this process");
        assertTrue(Files.notExists(directory.resolve("new.preparing")));
    }
}
