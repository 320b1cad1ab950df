package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways on copies of one log, which commit to the same tables: one of them is stopped, before it does harm. */
class FencingTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final String AT_LEISURE = "1h";
    private static final String AT_ONCE = "100ms";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void aCopyIsStoppedAtTheFirstForeignTransaction() throws Exception {
        try (HeadgateProgram original = original();
                HeadgateProgram copy = copyOf(original)) {
            original.with("HEADGATE_COMMIT_INTERVAL", AT_ONCE).start();
            insert(original, "original");
            assertEquals(
                    List.of("common", "original"), original.awaitRows(TABLE, 2).values("id"));

            copy.with("HEADGATE_COMMIT_INTERVAL", AT_ONCE).launchServe();
            assertFenced(copy);
            insert(original, "later");
            assertEquals(
                    List.of("common", "later", "original"),
                    original.awaitRows(TABLE, 3).values("id"));
            assertEquals(0, original.terminate());
            original.runConfigured("verify", "--deep").ok();
        }
    }

    @Tag("slow")
    @Test
    void copiesThatBothTookRowsAreToldApartAfterBothWereStartedAgain() throws Exception {
        try (HeadgateProgram original = original();
                HeadgateProgram copy = copyOf(original)) {
            // The same positions, with different rows; the copy has more of them.
            take(original, 2);
            take(copy, 3);
            original.with("HEADGATE_COMMIT_INTERVAL", AT_ONCE).start();
            List<String> rows = original.awaitRows(TABLE, 3).values("id");
            copy.with("HEADGATE_COMMIT_INTERVAL", AT_ONCE).launchServe();
            assertFenced(copy);
            assertEquals(rows, new DeltaFiles(original.tableDirectory(TABLE)).values("id"));
            insert(original, "later");
            original.awaitRows(TABLE, 4);
            assertEquals(0, copy.terminate());
            assertGoesOnUnderAnotherId(copy, original);
            assertEquals(0, original.terminate());
            original.runConfigured("verify", "--deep").ok();
        }
    }

    /** What its operator decides about a copy that was stopped, and had acked three rows. */
    private static void assertGoesOnUnderAnotherId(HeadgateProgram copy, HeadgateProgram original) throws Exception {
        Path log = copy.directory().resolve("log");
        Path renewed = copy.directory().resolve("renewed");
        String[] command = {"recover", "--as-new-log", "--log", log.toString(), "--to", renewed.toString()};
        HeadgateProgram.Result asked = copy.runConfigured(command);
        assertTrue(asked.exitCode() == 1 && asked.err().contains("--from"), asked.err());
        // The one row from before the copy has position 0.
        copy.runConfigured(Stream.concat(Stream.of(command), Stream.of("--from", TABLE + "=1"))
                        .toArray(String[]::new))
                .ok();
        copy.with("HEADGATE_LOG_PATH", renewed.toString()).start();
        insert(copy, "copy-later");
        assertEquals(
                List.of("common", "copy-0", "copy-1", "copy-2", "copy-later", "later", "original-0", "original-1"),
                original.awaitRows(TABLE, 8).values("id"));
        assertEquals(0, copy.terminate());
        copy.runConfigured("verify", "--deep").ok();
    }

    /** One row committed, and stopped. */
    private HeadgateProgram original() throws Exception {
        HeadgateProgram program = new HeadgateProgram(directory.resolve("original"), Jdks.current(), "");
        program.createTable(TABLE, "id STRING NOT NULL");
        program.with("HEADGATE_COMMIT_INTERVAL", AT_ONCE).start();
        insert(program, "common");
        program.awaitRows(TABLE, 1);
        assertEquals(0, program.terminate());
        return program;
    }

    private HeadgateProgram copyOf(HeadgateProgram original) throws Exception {
        HeadgateProgram copy = new HeadgateProgram(
                directory.resolve("copy"),
                Jdks.current(),
                "catalog: { path: " + original.directory().resolve("tables") + " }\n");
        Commands.run(
                "cp",
                "-a",
                original.directory().resolve("log").toString(),
                copy.directory().toString());
        return copy;
    }

    /** Takes rows, commits none, and dies. */
    private static void take(HeadgateProgram program, int rows) throws Exception {
        program.with("HEADGATE_COMMIT_INTERVAL", AT_LEISURE).start();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            ids.add(program.directory().getFileName() + "-" + i);
            insert(program, ids.get(i));
        }
        program.kill();
    }

    private static void insert(HeadgateProgram program, String id) throws Exception {
        program.insert(TABLE, program.token("device", TABLE), "{\"id\":\"" + id + "\"}");
    }

    private static void assertFenced(HeadgateProgram program) throws Exception {
        String token = program.token("device", TABLE);
        Eventually.holds("no rows are taken", Duration.ofSeconds(60), () -> {
            String answer = program.post(TABLE, token, "{\"id\":\"never\"}").body();
            return answer.contains("another process commits for a copy of its log");
        });
        assertTrue(program.ready().contains(TABLE), program.ready());
    }
}
