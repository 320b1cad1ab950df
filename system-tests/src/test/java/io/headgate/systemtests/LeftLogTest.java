package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with a log that nobody writes any more, or with rows that no table will take. */
class LeftLogTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final int START_FAILED = 7;
    private static final String NEVER = "1h";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** The machine is gone, its disk is not; another gateway already serves its tables. */
    @Test
    void theLogOfADeadGatewayIsCommittedOnceBesideAnotherThatRuns() throws Exception {
        List<String> tables = List.of(TABLE, "main.fleet.other");
        try (HeadgateProgram program = program()) {
            for (String table : tables) {
                program.createTable(table, Devices.COLUMNS);
            }
            Devices devices = new Devices(program.start(), tables, 0);
            try (devices) {
                devices.start(4, Seed.forTest("LeftLogTest").random()).awaitAcks(200);
                program.kill();
                devices.stop();
            }
            Path dead = Files.move(directory.resolve("log"), directory.resolve("dead"));
            program.start();
            String recovered = program.runConfigured("recover", "--log", dead.toString())
                    .ok()
                    .out();
            assertTrue(committed(recovered) > 0, recovered);
            devices.assertAccountedFor();
            String again = program.runConfigured("recover", "--log", dead.toString())
                    .ok()
                    .out();
            assertEquals(0, committed(again), again);
            devices.assertAccountedFor();
            assertEquals(0, program.terminate());
            // Against the log that the rows come from.
            program.with("HEADGATE_LOG_PATH", dead.toString())
                    .runConfigured("verify", "--deep")
                    .ok();
        }
    }

    private static long committed(String printed) {
        Matcher matcher = Pattern.compile(": (\\d+) rows committed").matcher(printed);
        long rows = 0;
        while (matcher.find()) {
            rows += Long.parseLong(matcher.group(1));
        }
        return rows;
    }

    @Test
    @Tag("slow")
    void rowsOfATableCreatedAnewAreKeptApartAndGivenUpOnlyByCommand() throws Exception {
        Path old = directory.resolve("old");
        Path export = directory.resolve("rows.json");
        try (HeadgateProgram program = program()) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device", TABLE);
            program.insert(TABLE, token, "[{\"id\":\"a\"},{\"id\":\"b\"}]");
            program.kill();
            Files.move(program.tableDirectory(TABLE), old);
            program.createTable(TABLE, "id STRING NOT NULL");

            program.with("HEADGATE_COMMIT_INTERVAL", "100ms").start();
            program.insert(TABLE, token, "{\"id\":\"c\"}");
            DeltaFiles table = program.awaitRows(TABLE, 1);
            program.awaitDegraded(TABLE);
            assertEquals(0, program.terminate());
            assertEquals(List.of("c"), table.values("id"));

            String id = ForeignCommits.tableId(old);
            program.runConfigured("log", "abandon", id, "--export", export.toString())
                    .ok();
            assertEquals(List.of("{\"id\":\"a\"}", "{\"id\":\"b\"}"), exported(export));
            program.start();
            assertTrue(!program.ready().contains("message"), program.ready());
            program.insert(TABLE, token, "{\"id\":\"d\"}");
            assertEquals(List.of("c", "d"), program.awaitRows(TABLE, 2).values("id"));
            assertEquals(0, program.terminate());
        }
    }

    @Test
    @Tag("slow")
    void aDamagedLogIsRefusedThenRepairedAndLosesOnlyWhatWasDamaged() throws Exception {
        try (HeadgateProgram program = program()) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device", TABLE);
            List<String> ids = new ArrayList<>();
            for (int i = 100; i < 120; i++) {
                ids.add("row-" + i);
                program.insert(TABLE, token, "{\"id\":\"" + ids.get(i - 100) + "\"}");
            }
            program.kill();
            assertTrue(damage(directory.resolve("log"), "row-110"));
            HeadgateProgram.Result refused = program.runConfigured("serve");
            assertEquals(START_FAILED, refused.exitCode());
            assertTrue(refused.err().contains("log repair"), refused.err());

            program.runConfigured("log", "repair").ok();
            program.with("HEADGATE_COMMIT_INTERVAL", "100ms").start();
            ids.remove("row-110");
            assertEquals(ids, program.awaitRows(TABLE, 19).values("id"));
            assertEquals(0, program.terminate());
        }
    }

    /** Flips a bit of the first byte of what a client sent; whether it was found. */
    private static boolean damage(Path log, String sent) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".segment")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(sent);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                    return true;
                }
            }
        }
        return false;
    }

    private static List<String> exported(Path export) throws Exception {
        Pattern row = Pattern.compile("\\{\"id\":\"\\w+\"\\}");
        return Files.readAllLines(export).stream()
                .flatMap(line -> row.matcher(line).results().map(found -> found.group()))
                .toList();
    }

    private HeadgateProgram program() throws Exception {
        return new HeadgateProgram(directory, Jdks.current(), "").with("HEADGATE_COMMIT_INTERVAL", NEVER);
    }
}
