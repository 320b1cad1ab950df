package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.TypeCases;
import io.headgate.schema.TypeCases.Case;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All of {@link TypeCases} as one wide table, with a column of each type in each {@link Place}, and what to send to it. Row n
 * has the n-th accepted case of each type in all its columns, and nothing in those of types that have no more, but where it
 * must.
 */
final class EveryCase {
    private static final String ID = "id";
    private static final int ROWS_A_REQUEST = 40;
    // It takes more than twice as long to plan twice as many.
    private static final int COLUMNS_A_QUERY = 100;
    private static final int DIFFERENCES_MAX = 50;

    /** The columns of one type, and the cases for them. */
    private record Typed(Map<Place, Column> columns, List<Case> accepted, List<Case> refused) {
        /** What there is where there must be something. */
        Case least() {
            return accepted.stream()
                    .min(Comparator.comparingInt(c -> c.json().length()))
                    .orElseThrow();
        }
    }

    /**
     * One record, and what is to become of it.
     *
     * @param stored the text of each column that is not NULL, by its name
     * @param problems what is told of it, in order; none if it is stored
     */
    record Sent(String json, Map<String, String> stored, List<Place.Told> problems) {}

    private final List<Typed> types = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();

    EveryCase() {
        columns.add(new Column(ID, ColumnType.LONG, false));
        TypeCases.all().stream()
                .collect(Collectors.groupingBy(Case::type, LinkedHashMap::new, Collectors.toList()))
                .forEach(this::add);
    }

    private void add(ColumnType type, List<Case> cases) {
        Map<Place, Column> places = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            if (place.isOf(type)) {
                places.put(place, place.column(types.size(), type));
            }
        }
        columns.addAll(places.values());
        Map<Boolean, List<Case>> parts = cases.stream().collect(Collectors.partitioningBy(Case::accepted));
        types.add(new Typed(places, parts.getOrDefault(true, List.of()), parts.getOrDefault(false, List.of())));
    }

    List<Column> columns() {
        return columns;
    }

    /** The columns as {@code table create} takes them. */
    String sql() {
        return columns.stream()
                .map(column -> column.name() + " " + column.type().sqlName() + (column.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(", "));
    }

    /** Records that are stored, with ids from 0. */
    List<Sent> accepted() {
        int most = types.stream().mapToInt(typed -> typed.accepted.size()).max().orElseThrow();
        List<Sent> records = new ArrayList<>();
        for (int row = 0; row < most; row++) {
            RecordText record = new RecordText(row);
            for (Typed typed : types) {
                if (row < typed.accepted.size()) {
                    record.add(typed, typed.accepted.get(row));
                } else {
                    record.addLeast(typed);
                }
            }
            records.add(record.sent());
        }
        return records;
    }

    /** Records that are refused, each for one case that is in all places. */
    List<Sent> refused() {
        List<Sent> records = new ArrayList<>();
        for (int wrong = 0; wrong < types.size(); wrong++) {
            for (Case c : types.get(wrong).refused) {
                RecordText record = new RecordText(-1);
                for (int i = 0; i < types.size(); i++) {
                    if (i == wrong) {
                        record.add(types.get(i), c);
                    } else {
                        record.addLeast(types.get(i));
                    }
                }
                records.add(record.sent());
            }
        }
        return records;
    }

    /** Sends such records, several to a request, and each request must be taken. */
    static void insert(HeadgateProgram program, String table, String token, List<Sent> records)
            throws IOException, InterruptedException {
        for (int from = 0; from < records.size(); from += ROWS_A_REQUEST) {
            List<Sent> some = records.subList(from, Math.min(from + ROWS_A_REQUEST, records.size()));
            HttpResponse<String> answer = post(program, table, token, "", some);
            assertEquals("200 {}", answer.statusCode() + " " + answer.body());
        }
    }

    /** Sends one request, each record on a line of its own. Its numbers are too much for what checks requests. */
    static HttpResponse<String> post(
            HeadgateProgram program, String table, String token, String query, List<Sent> records)
            throws IOException, InterruptedException {
        String body = records.stream().map(Sent::json).collect(Collectors.joining(",\n", "[", "]"));
        return program.postWrong(table, token, query, body);
    }

    /** The text of all values as DuckDB reads them, by row, in the order of the columns. */
    List<List<String>> read(DeltaFiles files) throws IOException, SQLException {
        Map<String, List<String>> rows = new HashMap<>();
        for (int from = 0; from < columns.size(); from += COLUMNS_A_QUERY) {
            String texts = columns.subList(from, Math.min(from + COLUMNS_A_QUERY, columns.size())).stream()
                    .map(column -> StoredText.sql(column.type(), column.name()))
                    .collect(Collectors.joining(", ", ID + "::VARCHAR, ", ""));
            for (List<?> row : files.query("SELECT " + texts + " FROM rows")) {
                List<String> read = row.stream().map(String::valueOf).toList();
                rows.computeIfAbsent(read.get(0), id -> new ArrayList<>()).addAll(read.subList(1, read.size()));
            }
        }
        return List.copyOf(rows.values());
    }

    /**
     * Holds rows that somebody read against the records that were sent.
     *
     * @param rows the text of each value, by row, in the order of the columns
     */
    void assertStored(List<Sent> sent, List<List<String>> rows) {
        assertEquals(sent.size(), rows.size());
        List<String> differences = new ArrayList<>();
        for (List<String> row : rows) {
            Map<String, String> stored = sent.get(Integer.parseInt(row.get(0))).stored;
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                String expected = stored.getOrDefault(column.name(), StoredText.NULL);
                if (!expected.equals(row.get(i))) {
                    differences.add("\nrow %s, %s %s: %.300s is stored, not %.300s"
                            .formatted(row.get(0), column.name(), column.type().sqlName(), row.get(i), expected));
                }
            }
        }
        List<String> first = differences.subList(0, Math.min(differences.size(), DIFFERENCES_MAX));
        assertEquals(List.of(), first, differences.size() + " values differ");
        assertEquals(
                sent.size(), rows.stream().map(row -> row.get(0)).distinct().count());
    }

    /** A record that is being put together. */
    private static final class RecordText {
        private final StringBuilder json = new StringBuilder();
        private final Map<String, String> stored = new HashMap<>();
        private final List<Place.Told> problems = new ArrayList<>();

        private RecordText(int id) {
            json.append("{\"" + ID + "\":").append(id);
            stored.put(ID, Integer.toString(id));
        }

        /** Puts a case into all places of its type. */
        private void add(Typed typed, Case c) {
            typed.columns.forEach((place, column) -> {
                if (place.isOf(c)) {
                    add(place, column, c);
                }
            });
        }

        private void addLeast(Typed typed) {
            add(Place.REQUIRED, typed.columns.get(Place.REQUIRED), typed.least());
        }

        private void add(Place place, Column column, Case c) {
            json.append(",\"").append(column.name()).append("\":").append(place.json(c));
            if (c.accepted()) {
                stored.put(column.name(), StoredText.of(column.type(), place.stored(c)));
            } else {
                problems.add(place.told(column, c));
            }
        }

        private Sent sent() {
            return new Sent(json + "}", stored, problems);
        }
    }
}
