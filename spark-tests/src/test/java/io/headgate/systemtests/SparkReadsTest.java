package io.headgate.systemtests;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What Spark and DuckDB read is what was sent: every type, at its edges, over several files. */
@Tag("spark")
class SparkReadsTest {
    private static final String TABLE = "main.fleet.everything";
    private static final Duration VISIBLE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyValueIsReadAsSent() throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 100ms }\n")) {
            program.createTable(TABLE, EveryType.COLUMNS);
            program.start();
            String token = program.token("device-1", TABLE);
            DeltaFiles files = new DeltaFiles(program.tableDirectory(TABLE));
            List<List<@Nullable Object>> sent = new ArrayList<>();
            for (List<List<@Nullable Object>> request : EveryType.requests()) {
                assertEquals(
                        200, program.post(TABLE, token, EveryType.json(request)).statusCode());
                sent.addAll(request);
                Eventually.holds("the rows", VISIBLE, () -> files.count() == sent.size());
            }
            Dataset<Row> rows = LocalSpark.table(program.tableDirectory(TABLE));
            assertEquals(EveryType.SPARK_SCHEMA, rows.schema().toDDL());
            assertTrue(rows.inputFiles().length > 3, "files to choose from");
            assertEquals(sorted(sent), sorted(values(rows)));
            assertEquals(
                    sorted(sent),
                    sorted(files.query(EveryType.DUCKDB_QUERY).stream()
                            .map(EveryType::fromDuckDb)
                            .toList()));
            equalityFindsWhatIsThere(rows, sent);
        }
    }

    /** The same cases that DuckDB reads in {@link EveryTypeTest}. */
    @Test
    void everyCaseOfEveryTypeIsReadAsItShould() throws Exception {
        EveryCase cases = new EveryCase();
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, cases.sql());
            program.start();
            List<EveryCase.Sent> sent = cases.accepted();
            EveryCase.insert(program, TABLE, program.token("device-1", TABLE), sent);
            assertEquals(0, program.terminate());
            List<List<String>> rows = new ArrayList<>();
            for (Row row : LocalSpark.table(program.tableDirectory(TABLE)).collectAsList()) {
                rows.add(SparkValues.texts(cases.columns(), row));
            }
            cases.assertStored(sent, rows);
        }
    }

    /** Bounds in the Delta log and in Parquet let a reader skip files, but never one that has what it looks for. */
    private static void equalityFindsWhatIsThere(Dataset<Row> rows, List<List<@Nullable Object>> sent) {
        for (int i = 0; i < EveryType.NAMES.size(); i++) {
            int column = i;
            List<Object> present = sent.stream()
                    .map(row -> row.get(column))
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .filter(EveryType::canBeLookedUp)
                    .toList();
            for (Object value : Set.copyOf(present)) {
                assertEquals(
                        present.stream().filter(value::equals).count(),
                        rows.where(col(EveryType.NAMES.get(column)).equalTo(lit(value)))
                                .count(),
                        EveryType.NAMES.get(column) + " = " + value);
            }
        }
    }

    private static List<List<@Nullable Object>> values(Dataset<Row> rows) {
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (Row row : rows.collectAsList()) {
            values.add(new ArrayList<>(
                    IntStream.range(0, row.size()).mapToObj(row::get).toList()));
        }
        return values;
    }

    private static List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .sorted(Comparator.comparingLong(row -> (Long) Objects.requireNonNull(row.get(0))))
                .toList();
    }
}
