package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Tables that somebody changes while acked rows wait to be committed to them. */
class ChangedTableTest {
    private static final String TABLE = "main.fleet.telemetry";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void rowsThatStillFitGoInAndTheOthersAreKeptBesideTheTable() throws Exception {
        Path tables = directory.resolve("tables");
        Path away = directory.resolve("away");
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 100ms }\n")) {
            program.createTable(TABLE, "id BIGINT NOT NULL, note STRING");
            program.start();
            String token = program.token("device", TABLE);
            program.insert(TABLE, token, "{\"id\":1,\"note\":\"in time\"}");
            program.awaitRows(TABLE, 1);

            Files.move(tables, away);
            program.insert(TABLE, token, "[{\"id\":2,\"note\":\"late\"},{\"id\":3}]");
            program.insert(TABLE, token, "{\"id\":4,\"note\":\"too\"}");
            Path moved = away.resolve(tables.relativize(program.tableDirectory(TABLE)));
            ForeignCommits.dropColumn(moved, "note");
            ForeignCommits.addNullableColumn(moved, "more", "integer");
            Files.move(away, tables);

            assertEquals(List.of("1", "3"), program.awaitRows(TABLE, 2).values("id"));
            assertEquals(
                    List.of("2 late", "4 too"),
                    rejected(program.tableDirectory(TABLE)),
                    "each with what the table has no place for");
            Eventually.holds(
                    "the new column",
                    Duration.ofSeconds(30),
                    () -> program.post(TABLE, token, "{\"id\":5,\"more\":5}").statusCode() == 200);
            program.awaitRows(TABLE, 3);
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    /** What DuckDB reads in the files of rejected rows. */
    private static List<String> rejected(Path table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT json_extract_string(row, '$.id') || ' ' || json_extract_string(row, '$.note') FROM '"
                                + table.resolve("_zerobus/table_rejected_parquets/*.parquet") + "' ORDER BY 1")) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }
}
