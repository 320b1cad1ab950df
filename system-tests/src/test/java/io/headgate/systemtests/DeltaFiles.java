package io.headgate.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Delta table the way somebody else would: the live files from the JSON commits, their rows with DuckDB. Files
 * that no commit names do not count.
 */
final class DeltaFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path table;

    // A file is written once: as long as these are the live ones, there are as many rows.
    private Map<Path, JsonNode> counted = Map.of();
    private long count;

    DeltaFiles(Path table) {
        this.table = table;
    }

    /** All actions of all commits, in order. */
    List<JsonNode> actions() throws IOException {
        List<JsonNode> actions = new ArrayList<>();
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            for (Path commit : log.filter(file -> file.getFileName().toString().matches("\\d{20}\\.json"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(commit)) {
                    actions.add(JSON.readTree(line));
                }
            }
        }
        return actions;
    }

    /** The files and the values of partition columns that all rows of each have. */
    private Map<Path, JsonNode> live() throws IOException {
        Map<Path, JsonNode> live = new LinkedHashMap<>();
        for (JsonNode action : actions()) {
            if (action.has("add")) {
                live.put(path(action.get("add")), action.get("add").get("partitionValues"));
            } else if (action.has("remove")) {
                live.remove(path(action.get("remove")));
            }
        }
        return live;
    }

    /** Paths in the log are URIs (Delta protocol, "Add File and Remove File"). */
    private Path path(JsonNode file) {
        return table.resolve(URI.create(file.get("path").asText()).getPath());
    }

    /**
     * Runs a query over {@code rows}, the table's rows; each result row as a list of JDBC objects. Partition columns are as
     * the log has them, as text.
     */
    List<List<@Nullable Object>> query(String sql) throws IOException, SQLException {
        Map<Path, JsonNode> live = live();
        return live.isEmpty() ? List.of() : query(live, sql);
    }

    private static List<List<@Nullable Object>> query(Map<Path, JsonNode> live, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("CREATE VIEW rows AS " + rows(live));
            try (ResultSet result = statement.executeQuery(sql)) {
                return read(result);
            }
        }
    }

    private static String rows(Map<Path, JsonNode> live) {
        if (live.values().stream().allMatch(JsonNode::isEmpty)) {
            return live.keySet().stream()
                    .map(file -> "'" + file + "'")
                    .collect(Collectors.joining(",", "SELECT * FROM read_parquet([", "], union_by_name = true)"));
        }
        return live.entrySet().stream()
                .map(file -> "SELECT *" + values(file.getValue()) + " FROM read_parquet('" + file.getKey()
                        + "', hive_partitioning = false)")
                .collect(Collectors.joining(" UNION ALL BY NAME "));
    }

    private static String values(JsonNode partition) {
        return partition.properties().stream()
                .map(column -> ", " + quoted(column.getValue()) + " AS \"" + column.getKey() + '"')
                .collect(Collectors.joining());
    }

    private static String quoted(JsonNode value) {
        return value.isNull() ? "NULL::VARCHAR" : "'" + value.asText().replace("'", "''") + "'";
    }

    private static List<List<@Nullable Object>> read(ResultSet result) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
                row.add(result.getObject(column));
            }
            rows.add(row);
        }
        return rows;
    }

    /** The values of one column, as text, sorted. */
    List<String> values(String column) throws IOException, SQLException {
        return query("SELECT " + column + "::VARCHAR FROM rows ORDER BY 1").stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    long count() throws IOException, SQLException {
        Map<Path, JsonNode> live = live();
        if (!live.equals(counted)) {
            count = live.isEmpty() ? 0 : countNow(live);
            counted = live;
        }
        return count;
    }

    private static long countNow(Map<Path, JsonNode> live) throws SQLException {
        Object rows = query(live, "SELECT count(*) FROM rows").get(0).get(0);
        return ((Number) Objects.requireNonNull(rows)).longValue();
    }
}
