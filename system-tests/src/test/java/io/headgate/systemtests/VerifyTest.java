package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.gateway.verify.Verdict;
import io.headgate.gateway.verify.Verification;
import io.headgate.gateway.verify.VerifyResult;
import io.headgate.model.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Verifying beside a gateway that accepts, commits and trims as fast as it can, and beside others who change its tables. */
class VerifyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TABLES = List.of("main.fleet.a", "main.fleet.b");

    // Small segments and many commits, so that much happens while something is read.
    private static final String BUSY = """
            log: { segment-bytes: 64KiB, max-bytes: 4MiB }
            limits: { max-entry-bytes: 16KiB, table-unflushed-bytes: 2MiB }
            commit: { interval: 100ms, file-target: 1MiB }
            """;

    private static final String BODY = "[{\"text\":\"" + "x".repeat(500) + "\"},{\"text\":\"y\"}]";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final AtomicBoolean enough = new AtomicBoolean();

    @Tag("slow")
    @Test
    void besideABusyGatewayAllIsFine() throws Exception {
        ExecutorService devices = Executors.newFixedThreadPool(TABLES.size());
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), BUSY)) {
            List<Future<Integer>> sent = start(program, devices);
            long compared = 0;
            for (int round = 0; round < 5; round++) {
                VerifyResult result = verify(program, round % 2 == 0);
                assertEquals(Verdict.FINE, result.verdict(), result::toString);
                compared += result.tables().stream()
                        .mapToLong(table -> table.comparedCommits())
                        .sum();
            }
            assertTrue(compared > 0, "commits were held against the log");
            assertEquals(0, program.runConfigured("verify").exitCode());
            HeadgateProgram.Result checked =
                    program.runConfigured("log", "check").ok();
            assertTrue(checked.out().endsWith("fine\n"), checked.out());
            program.kill();
            enough.set(true);
            JsonNode killed = JSON.readTree(
                    program.runConfigured("verify", "--json", "--deep").ok().out());
            assertEquals("fine", killed.get("verdict").asText());

            program.start();
            assertEquals(0, program.terminate());
            JsonNode stopped =
                    JSON.readTree(program.runConfigured("verify", "--json").ok().out());
            for (int i = 0; i < TABLES.size(); i++) {
                JsonNode table = stopped.get("tables").get(i);
                assertEquals(0, table.get("pending_rows").asLong());
                assertTrue(
                        table.get("committed_rows").asLong() >= 2L * sent.get(i).get(),
                        "all that was acked is accounted for");
                assertEquals(
                        new DeltaFiles(program.tableDirectory(TABLES.get(i))).count(),
                        table.get("committed_rows").asLong());
            }
        } finally {
            enough.set(true);
            devices.shutdownNow();
        }
    }

    private List<Future<Integer>> start(HeadgateProgram program, ExecutorService devices) throws Exception {
        for (String table : TABLES) {
            program.createTable(table, "text STRING");
        }
        program.start();
        String token = program.token("device", TABLES.toArray(String[]::new));
        List<Future<Integer>> sent = new ArrayList<>();
        for (String table : TABLES) {
            sent.add(devices.submit(() -> send(program, table, token)));
        }
        Eventually.holds(
                "commits",
                Duration.ofSeconds(30),
                () -> TABLES.stream()
                        .allMatch(table -> Files.exists(
                                program.tableDirectory(table).resolve("_delta_log/00000000000000000003.json"))));
        return sent;
    }

    /** Sends until the gateway is gone; how many requests were acked. */
    private int send(HeadgateProgram program, String table, String token) {
        int acked = 0;
        try {
            while (!enough.get()) {
                acked += program.post(table, token, BODY).statusCode() == 200 ? 1 : 0;
            }
        } catch (Exception e) {
            // It was killed.
        }
        return acked;
    }

    private static VerifyResult verify(HeadgateProgram program, boolean deep) throws Exception {
        return new Verification(
                        new DirectoryCatalog(program.directory().resolve("tables")),
                        program.directory().resolve("log"),
                        deep)
                .all();
    }

    /** As Spark's OPTIMIZE and DELETE with VACUUM leave it, while commits go on. */
    @Test
    void whatOthersDoToATableIsNoLoss() throws Exception {
        String name = TABLES.get(0);
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), BUSY)) {
            program.createTable(name, "text STRING");
            program.start();
            String token = program.token("device", name);
            Path table = program.tableDirectory(name);
            for (int rows = 2; rows <= 8; rows += 2) {
                int expected = rows;
                assertEquals(200, program.post(name, token, BODY).statusCode());
                Eventually.holds("rows", Duration.ofSeconds(30), () -> new DeltaFiles(table).count() == expected);
            }
            List<JsonNode> adds = new DeltaFiles(table)
                    .actions().stream()
                            .filter(action -> action.has("add"))
                            .map(action -> action.get("add"))
                            .toList();
            rewrite(table, adds.get(0));
            ForeignCommits.commit(table, remove(adds.get(1)));
            Files.delete(table.resolve(adds.get(1).get("path").asText()));
            ForeignCommits.addNullableColumn(table, "more", "string");
            assertEquals(200, program.post(name, token, BODY).statusCode());
            Eventually.holds("rows", Duration.ofSeconds(30), () -> new DeltaFiles(table).count() == 8);
            JsonNode verified = JSON.readTree(
                    program.runConfigured("verify", "--deep", "--json").ok().out());
            assertEquals(10, verified.get("tables").get(0).get("committed_rows").asLong());
            assertEquals(0, verified.get("tables").get(0).get("pending_rows").asLong());
        }
    }

    private static JsonNode remove(JsonNode add) {
        return JSON.createObjectNode()
                .set(
                        "remove",
                        JSON.createObjectNode()
                                .put("path", add.get("path").asText())
                                .put("deletionTimestamp", 1L)
                                .put("dataChange", false));
    }

    /** The same rows in another file. */
    private static void rewrite(Path table, JsonNode add) throws Exception {
        Path old = table.resolve(add.get("path").asText());
        Files.copy(old, table.resolve("part-00000-optimized.parquet"));
        JsonNode again = add.deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) again)
                .put("path", "part-00000-optimized.parquet")
                .put("dataChange", false);
        ForeignCommits.commit(table, remove(add));
        ForeignCommits.commit(table, JSON.createObjectNode().set("add", again));
        Files.delete(old);
    }
}
