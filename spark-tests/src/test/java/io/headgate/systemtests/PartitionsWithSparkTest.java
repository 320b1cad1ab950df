package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.model.Eventually;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Partitioned tables that Spark and a gateway both write to: one cannot be told from the other. */
@Tag("spark")
class PartitionsWithSparkTest {
    private static final String TABLE = "main.fleet.parted";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PARTITIONS = "s, b, i8, i16, i32, i64, f, d, day, at, wall";
    private static final String COLUMNS = "id BIGINT NOT NULL, s STRING, b BOOLEAN, i8 TINYINT, i16 SMALLINT, i32 INT,"
            + " i64 BIGINT, f FLOAT, d DOUBLE, day DATE, at TIMESTAMP, wall TIMESTAMP_NTZ";

    /** The same row for both: what Spark is told, and what the gateway is sent. */
    private record Both(String sql, String json) {}

    private static final List<Both> ROWS = List.of(
            new Both(
                    "'NL', true, 1Y, 2S, 3, 4L, CAST('1.5' AS FLOAT), CAST('0.1' AS DOUBLE), DATE'2026-11-22',"
                            + " TIMESTAMP'2026-11-22T14:05:51.5Z', TIMESTAMP_NTZ'2026-11-22 14:05:51.5'",
                    """
                    "s":"NL","b":true,"i8":1,"i16":2,"i32":3,"i64":4,"f":1.5,"d":0.1,"day":"2026-11-22",\
                    "at":"2026-11-22T15:05:51.5+01:00","wall":"2026-11-22T14:05:51.5\""""),
            new Both(
                    "'/a=b %41 \\u00e9\\u0001', false, -128Y, -32768S, -2147483648, -9223372036854775808L,"
                            + " CAST('NaN' AS FLOAT), CAST('-Infinity' AS DOUBLE), DATE'0001-01-01',"
                            + " TIMESTAMP'0001-01-01T00:00:00Z', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999'",
                    """
                    "s":"/a=b %41 \\u00e9\\u0001","b":false,"i8":-128,"i16":-32768,"i32":-2147483648,\
                    "i64":-9223372036854775808,"f":"NaN","d":"-Infinity","day":"0001-01-01",\
                    "at":"0001-01-01T00:00:00Z","wall":"9999-12-31T23:59:59.999999\""""),
            new Both(
                    "'', NULL, NULL, NULL, NULL, NULL, CAST('3.4028235E38' AS FLOAT), CAST('1e10' AS DOUBLE),"
                            + " DATE'1582-10-14', TIMESTAMP'9999-12-31T23:59:59.999999Z', TIMESTAMP_NTZ'1970-01-01 00:00:00'",
                    """
                    "s":"","f":3.4028235e38,"d":10000000000,"day":"1582-10-14","at":"9999-12-31T23:59:59.999999Z",\
                    "wall":0"""),
            new Both(
                    "NULL, NULL, NULL, NULL, NULL, NULL, CAST('0.001' AS FLOAT), CAST('-0.0' AS DOUBLE), NULL, NULL, NULL",
                    "\"f\":0.001,\"d\":-0.0"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private HeadgateProgram program;
    private String token;
    private String sql;

    @BeforeEach
    void start() throws Exception {
        program = new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 1s, max-open-partitions: 2 }\n");
        program.start();
        token = program.token("device", TABLE);
        sql = LocalSpark.at(program.tableDirectory(TABLE));
    }

    @AfterEach
    void stop() {
        program.close();
    }

    @Test
    void valuesAreWrittenDownAsSparkDoes() throws Exception {
        LocalSpark.sql("CREATE TABLE " + sql + " (" + COLUMNS + ") USING DELTA PARTITIONED BY (" + PARTITIONS + ")");
        for (int i = 0; i < ROWS.size(); i++) {
            LocalSpark.sql(
                    "INSERT INTO " + sql + " VALUES (" + i + ", " + ROWS.get(i).sql() + ")");
        }
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < ROWS.size(); i++) {
            bodies.add("{\"id\":" + (10 + i) + "," + ROWS.get(i).json() + "}");
        }
        insert(bodies.toString());
        awaitCount(2L * ROWS.size());

        Map<String, List<String>> byWriter = new TreeMap<>();
        for (JsonNode action : new DeltaFiles(program.tableDirectory(TABLE)).actions()) {
            if (action.has("add")) {
                JsonNode add = action.get("add");
                String path = add.get("path").asText();
                String writer = path.contains("/headgate-") ? "gateway" : "spark";
                // Which directory a timestamp gives is up to the time zone of Spark's session.
                byWriter.computeIfAbsent(writer, none -> new ArrayList<>())
                        .add(sorted(add.get("partitionValues")) + " in "
                                + path.replaceFirst("/at=[^/]*/", "/").replaceFirst("/[^/]*$", ""));
            }
        }
        byWriter.values().forEach(list -> list.sort(null));
        assertEquals(byWriter.get("spark"), byWriter.get("gateway"));
        for (String column : PARTITIONS.split(", ", -1)) {
            assertEquals(column(column, "id < 10"), column(column, "id >= 10"), "what Spark reads in " + column);
        }
        assertEquals(0, program.terminate());
        assertEquals(
                2 * ROWS.size(),
                program.runConfigured("table", "rows", TABLE).ok().lines().size());
    }

    private static Map<String, JsonNode> sorted(JsonNode object) {
        return object.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    private String column(String name, String condition) {
        return LocalSpark.sql("SELECT " + name + " FROM " + sql + " WHERE " + condition + " ORDER BY id % 10")
                .toString();
    }

    @Test
    void queriesForAPartitionReadItAlone() throws Exception {
        LocalSpark.sql(
                "CREATE TABLE " + sql + " (id BIGINT NOT NULL, country STRING, day DATE, note STRING) USING DELTA"
                        + " PARTITIONED BY (country, day)");
        LocalSpark.sql("INSERT INTO " + sql + " VALUES (0, 'NL', DATE'2026-11-22', 'by Spark')");
        List<String> rows = new ArrayList<>();
        for (int id = 1; id <= 30; id++) {
            rows.add("{\"id\":" + id + ",\"country\":"
                    + List.of("\"NL\"", "\"DE\"", "null").get(id % 3) + ",\"day\":\"2026-11-" + (20 + id % 5)
                    + "\",\"note\":\"by a device\"}");
        }
        insert(rows.toString());
        awaitCount(31);

        Dataset<Row> netherlands =
                LocalSpark.table(program.tableDirectory(TABLE)).where("country = 'NL'");
        assertEquals(1 + 10, netherlands.count());
        assertEquals(1 + 5, netherlands.inputFiles().length);
        for (String file : netherlands.inputFiles()) {
            assertTrue(file.contains("/country=NL/"), file);
        }
        assertEquals(10, count("country IS NULL"));
        assertEquals(1 + 2, count("country = 'NL' AND day = DATE'2026-11-22'"));
        assertEquals(7, count("day = DATE'2026-11-22'"));

        LocalSpark.sql("DELETE FROM " + sql + " WHERE country = 'DE'");
        LocalSpark.sql("UPDATE " + sql + " SET country = 'BE' WHERE id = 3");
        LocalSpark.sql("OPTIMIZE " + sql + " WHERE country = 'NL'");
        insert("[{\"id\":31,\"country\":\"NL\",\"day\":\"2026-11-22\"},{\"id\":32,\"country\":\"BE\",\"day\":null}]");
        awaitCount(23);
        assertEquals(1 + 10 - 1 + 1, count("country = 'NL'"));
        assertEquals(2, count("country = 'BE'"));
        assertEquals(0, program.terminate());
        program.runConfigured("verify", "--deep").ok();
    }

    /** A table of ours. */
    @Test
    void sparkWritesToATableThatWeMade() throws Exception {
        program.createTable(TABLE, "id BIGINT NOT NULL, country STRING NOT NULL", "country");
        insert("[{\"id\":1,\"country\":\"NL\"},{\"id\":2,\"country\":\"DE\"}]");
        awaitCount(2);
        LocalSpark.sql("INSERT INTO " + sql + " VALUES (3, 'NL'), (4, 'FR')");
        insert("{\"id\":5,\"country\":\"FR\"}");
        awaitCount(5);
        assertEquals(2, count("country = 'NL'"));
        assertEquals(2, count("country = 'FR'"));
        HttpResponse<String> empty = program.post(TABLE, token, "{\"id\":6,\"country\":\"\"}");
        assertEquals(400, empty.statusCode(), "as Spark refuses it");
        assertEquals(
                "country",
                JSON.readTree(empty.body()).get("details").get(0).get("field").asText());
        assertEquals(0, program.terminate());
    }

    private void insert(String body) throws Exception {
        HttpResponse<String> answer = program.post(TABLE, token, body);
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private void awaitCount(long expected) {
        Eventually.holds(expected + " rows", PATIENCE, () -> count("true") == expected);
    }

    private long count(String condition) {
        return LocalSpark.sql("SELECT count(*) FROM " + sql + " WHERE " + condition)
                .get(0)
                .getLong(0);
    }
}
