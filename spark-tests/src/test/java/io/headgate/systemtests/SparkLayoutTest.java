package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark itself writes is what module {@code delta} takes for it: its {@code NestedTypesTest} and {@code
 * FileStatisticsTest} hold our own files and statistics against the same texts.
 */
@Tag("spark")
class SparkLayoutTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path table;

    /** The first file that a statement added. */
    private JsonNode added(String columns, String rows) throws Exception {
        String at = LocalSpark.at(table);
        LocalSpark.sql("CREATE TABLE " + at + " (" + columns + ") USING DELTA");
        LocalSpark.sql("INSERT INTO " + at + " " + rows);
        return new DeltaFiles(table)
                .actions().stream()
                        .filter(action -> action.has("add"))
                        .findFirst()
                        .orElseThrow()
                        .get("add");
    }

    private static String expected(String name) throws Exception {
        return Files.readString(HeadgateProgram.launcher()
                .resolveSibling("delta/src/test/resources/spark")
                .resolve(name));
    }

    /** Spark has an older form for timestamps, too, and uses it unless it is told otherwise; we do not. */
    @Test
    void layoutOfDataFiles() throws Exception {
        LocalSpark.sql("SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS");
        JsonNode added = added(
                "c CHAR(3) NOT NULL, v VARCHAR(40), bytes BINARY, d9 DECIMAL(9,2), d10 DECIMAL(10,0),"
                        + " d18 DECIMAL(18,18) NOT NULL, d19 DECIMAL(19,4), d38 DECIMAL(38,10), a ARRAY<INT>,"
                        + " aa ARRAY<ARRAY<TIMESTAMP>> NOT NULL, m MAP<DATE, STRUCT<s: STRING, i: SMALLINT>>,"
                        + " s STRUCT<x: DOUBLE NOT NULL, n: STRUCT<y: BOOLEAN, t: TIMESTAMP_NTZ>> NOT NULL",
                "SELECT 'abc', NULL, NULL, NULL, NULL, 0.1, NULL, NULL, NULL, array(), NULL,"
                        + " named_struct('x', 1.0D, 'n', NULL)");
        LocalSpark.sql("RESET spark.sql.parquet.outputTimestampType");
        Path file = table.resolve(added.get("path").asText());
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
            assertEquals(
                    expected("layout.txt"), reader.getFileMetaData().getSchema().toString());
        }
    }

    @Test
    void statisticsOfFields() throws Exception {
        JsonNode added = added(
                "s STRUCT<i: INT, inner: STRUCT<d: DECIMAL(38,10), bytes: BINARY>, a: ARRAY<BIGINT>>, v VARCHAR(40)",
                "SELECT /*+ COALESCE(1) */ * FROM VALUES (named_struct('i', 7, 'inner', named_struct('d',"
                        + " CAST('-1234567890123456789012345678.0000000001' AS DECIMAL(38,10)), 'bytes', CAST(NULL AS"
                        + " BINARY)), 'a', array(1L, NULL)), repeat('x', 33)),"
                        + " (named_struct('i', -7, 'inner', NULL, 'a', array()), NULL), (NULL, NULL)");
        assertEquals(expected("statistics.json"), added.get("stats").asText() + "\n");
    }
}
