package io.headgate.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

    private Set<Path> live() throws IOException {
        Set<Path> live = new LinkedHashSet<>();
        for (JsonNode action : actions()) {
            if (action.has("add")) {
                live.add(table.resolve(action.get("add").get("path").asText()));
            } else if (action.has("remove")) {
                live.remove(table.resolve(action.get("remove").get("path").asText()));
            }
        }
        return live;
    }

    /** Runs a query over {@code rows}, the table's rows; each result row as a list of JDBC objects. */
    List<List<@Nullable Object>> query(String sql) throws IOException, SQLException {
        Set<Path> live = live();
        if (live.isEmpty()) {
            return List.of();
        }
        String files = live.stream().map(file -> "'" + file + "'").collect(Collectors.joining(",", "[", "]"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("CREATE VIEW rows AS SELECT * FROM read_parquet(" + files + ", union_by_name = true)");
            try (ResultSet result = statement.executeQuery(sql)) {
                return read(result);
            }
        }
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
        List<List<@Nullable Object>> counted = query("SELECT count(*) FROM rows");
        return counted.isEmpty()
                ? 0
                : ((Number) java.util.Objects.requireNonNull(counted.get(0).get(0))).longValue();
    }
}
