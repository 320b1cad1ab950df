package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table holds, told by a checkpoint alone: we read Spark's, in each form that it writes, and Spark reads ours. */
@Tag("spark")
class CheckpointsWithSparkTest {
    private static final String TABLE = "main.fleet.checkpoints";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BY_SPARK = 7;
    private static final int IN_ALL = 16;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "'', checkpoint.partSize, 1000000, 'checkpoint\\.parquet'",
        "'delta.checkpoint.writeStatsAsStruct', checkpoint.partSize, 1000000, 'checkpoint\\.parquet'",
        "'', checkpoint.partSize, 4, 'checkpoint\\.\\d{10}\\.\\d{10}\\.parquet'",
        "'delta.checkpointPolicy', checkpointV2.topLevelFileFormat, json, 'checkpoint\\.[-0-9a-f]{36}\\.json'",
        "'delta.checkpointPolicy', checkpointV2.topLevelFileFormat, parquet, 'checkpoint\\.[-0-9a-f]{36}\\.parquet'"
    })
    void eachReadsTheOthers(String property, String setting, String value, String form) throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 100ms }\n")) {
            Path table = program.tableDirectory(TABLE);
            writeBySpark(LocalSpark.at(table), property, setting, value);
            String checkpoint = "\\d{20}\\." + form;
            try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
                assertTrue(log.anyMatch(file -> file.getFileName().toString().matches(checkpoint)), "no " + checkpoint);
            }
            forgetCommits(table);
            assertEquals(BY_SPARK, rows(program));

            program.start();
            String token = program.token("device", TABLE);
            for (int id = BY_SPARK; id < IN_ALL; id++) {
                assertEquals(
                        200, program.post(TABLE, token, "{\"id\":" + id + "}").statusCode());
                Path commit = table.resolve(String.format("_delta_log/%020d.json", id + 1));
                Eventually.holds("the commit", PATIENCE, () -> Files.exists(commit));
            }
            Eventually.holds("a checkpoint of ours", PATIENCE, () -> checkpointVersion(table) > BY_SPARK);
            assertEquals(0, program.terminate());
            // Elsewhere Spark has nothing of it in its cache.
            Path copy = copy(table);
            forgetCommits(copy);
            assertEquals(
                    LongStream.range(0, IN_ALL).boxed().toList(),
                    LocalSpark.sql("SELECT id FROM " + LocalSpark.at(copy) + " ORDER BY id").stream()
                            .map(row -> row.getLong(0))
                            .toList());
        }
    }

    private static void writeBySpark(String table, String property, String setting, String value) {
        String enabled = property.equals("delta.checkpointPolicy") ? "v2" : "true";
        String more = property.isEmpty() ? "" : ", '" + property + "' = '" + enabled + "'";
        LocalSpark.sql("SET spark.databricks.delta." + setting + " = " + value);
        try {
            LocalSpark.sql(
                    "CREATE TABLE " + table + " (id BIGINT NOT NULL, at TIMESTAMP, day DATE, price DECIMAL(20,4),"
                            + " s STRING, nested STRUCT<a: INT, b: ARRAY<STRING>>) USING DELTA"
                            + " TBLPROPERTIES ('delta.checkpointInterval' = '5'" + more + ")");
            for (int id = 0; id < BY_SPARK; id++) {
                LocalSpark.sql(
                        "INSERT INTO " + table + " VALUES (" + id + ", current_timestamp(), current_date(), 1.25,"
                                + " 'text', named_struct('a', 1, 'b', array('x')))");
            }
        } finally {
            LocalSpark.sql("RESET spark.databricks.delta." + setting);
        }
    }

    private static int rows(HeadgateProgram program) throws Exception {
        return program.runConfigured("table", "rows", TABLE, "--limit", "100")
                .ok()
                .lines()
                .size();
    }

    private static long checkpointVersion(Path table) throws IOException {
        return new ObjectMapper()
                .readTree(table.resolve("_delta_log/_last_checkpoint").toFile())
                .get("version")
                .asLong();
    }

    /** Removes what the newest checkpoint stands for, so that it must be read. */
    private static void forgetCommits(Path table) throws IOException {
        String first = String.format("%020d.json", checkpointVersion(table));
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            List<Path> older = log.filter(file -> file.getFileName().toString().matches("\\d{20}\\.(json|crc)"))
                    .filter(file -> file.getFileName().toString().compareTo(first) < 0)
                    .toList();
            for (Path file : older) {
                Files.delete(file);
            }
        }
    }

    private Path copy(Path table) throws IOException {
        Path copy = directory.resolve("copy");
        try (Stream<Path> files = Files.walk(table)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(table.relativize(file).toString()));
            }
        }
        return copy;
    }
}
