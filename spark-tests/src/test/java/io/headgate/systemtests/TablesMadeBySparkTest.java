package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that Spark creates beside a running gateway, at the catalog's path: written to, or refused by name. */
@Tag("spark")
class TablesMadeBySparkTest {
    private static final String TABLE = "main.fleet.made_by_spark";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private HeadgateProgram program;
    private String token;
    private String sql;

    @BeforeEach
    void start() throws Exception {
        program = new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 1s }\n");
        program.start();
        token = program.token("device", TABLE);
        sql = LocalSpark.at(program.tableDirectory(TABLE));
    }

    @AfterEach
    void stop() {
        program.close();
    }

    @Test
    void aTableWithSparksDefaults() throws Exception {
        LocalSpark.timed("CREATE TABLE", "CREATE TABLE " + sql + " (id BIGINT NOT NULL, s STRING) USING DELTA");
        LocalSpark.sql("INSERT INTO " + sql + " VALUES (0, 'by Spark')");
        insert(1, 10);
        awaitCount(11);
        LocalSpark.sql("INSERT INTO " + sql + " VALUES (11, 'by Spark')");
        insert(12, 13);
        awaitCount(14);
        assertEquals(
                IntStream.rangeClosed(0, 13).mapToObj(Long::valueOf).toList().toString(),
                LocalSpark.sql("SELECT id FROM " + sql + " ORDER BY id").stream()
                        .map(row -> row.getLong(0))
                        .toList()
                        .toString());
        assertEquals(0, program.terminate());
    }

    @Test
    void aTableWithDeletionVectors() throws Exception {
        LocalSpark.sql("CREATE TABLE " + sql + " (id BIGINT NOT NULL, s STRING) USING DELTA"
                + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
        insert(1, 20);
        awaitCount(20);
        Row deleted = LocalSpark.timed("DELETE by deletion vector", "DELETE FROM " + sql + " WHERE id % 4 = 0")
                .get(0);
        assertEquals(5, deleted.getLong(0));
        String log = new DeltaFiles(program.tableDirectory(TABLE)).actions().toString();
        assertTrue(log.contains("\"deletionVector\":{"), "Spark made no deletion vector, so this shows nothing");
        insert(21, 30);
        awaitCount(25);
        assertEquals(0, program.terminate());
        assertEquals(
                25,
                program.runConfigured("table", "rows", TABLE, "--limit", "100")
                        .ok()
                        .lines()
                        .size());
    }

    @ParameterizedTest
    @CsvSource({"name, ''", "id, ''", "name, PARTITIONED BY (s)"})
    void aTableWithMappedColumns(String mode, String partitioned) throws Exception {
        LocalSpark.sql("CREATE TABLE " + sql + " (id BIGINT NOT NULL, spare STRING, s STRING) USING DELTA "
                + partitioned + " TBLPROPERTIES ('delta.columnMapping.mode' = '" + mode + "')");
        LocalSpark.sql("INSERT INTO " + sql + " VALUES (0, 'x', 'by Spark')");
        insert(1, 10);
        awaitCount(11);
        LocalSpark.sql("ALTER TABLE " + sql + " DROP COLUMN spare");
        insert(11, 20);
        awaitCount(21);
        LocalSpark.sql("ALTER TABLE " + sql + " RENAME COLUMN s TO text");
        Eventually.holds(
                "the new name is taken",
                PATIENCE,
                () -> program.post(TABLE, token, "{\"id\":21,\"text\":\"by a device\"}")
                                .statusCode()
                        == 200);
        awaitCount(22);
        assertEquals(
                21,
                LocalSpark.sql("SELECT count(*) FROM " + sql + " WHERE text = 'by a device'")
                        .get(0)
                        .getLong(0));
        assertEquals(0, program.terminate());
        assertEquals(
                22,
                program.runConfigured("table", "rows", TABLE, "--limit", "100")
                        .ok()
                        .lines()
                        .size());
    }

    @Test
    void aTableWithAGeneratedColumnIsRefusedByName() throws Exception {
        LocalSpark.sql("CREATE TABLE " + sql + " (id BIGINT, n BIGINT GENERATED ALWAYS AS (id + 1)) USING DELTA");
        refused("generatedColumns");
    }

    private void refused(String feature) throws Exception {
        HttpResponse<String> answer = program.post(TABLE, token, "{\"id\":1}");
        assertEquals(501, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(feature), answer.body());
    }

    /** Inserts rows with ids from one number to another, one request each. */
    private void insert(int from, int to) throws Exception {
        for (int id = from; id <= to; id++) {
            HttpResponse<String> answer = program.post(TABLE, token, "{\"id\":" + id + ",\"s\":\"by a device\"}");
            assertEquals(200, answer.statusCode(), answer.body());
        }
    }

    private void awaitCount(long expected) {
        Eventually.holds(
                expected + " rows",
                PATIENCE,
                () -> LocalSpark.sql("SELECT count(*) FROM " + sql).get(0).getLong(0) == expected);
    }
}
