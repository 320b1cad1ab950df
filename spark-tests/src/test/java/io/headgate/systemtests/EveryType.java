package io.headgate.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table with a column of each type that the gateway takes, and rows with values from their edges. */
final class EveryType {
    static final String COLUMNS = "id BIGINT NOT NULL, s STRING, b BOOLEAN, i8 TINYINT, i16 SMALLINT, i32 INT, f FLOAT,"
            + " d DOUBLE, day DATE, at TIMESTAMP, wall TIMESTAMP_NTZ";
    static final String SPARK_SCHEMA = COLUMNS.replace(", ", ",");
    static final List<String> NAMES =
            Arrays.stream(COLUMNS.split(", ", -1)).map(c -> c.split(" ", 2)[0]).toList();

    /** Times as numbers: the driver's own types round, or depend on this machine's zone. */
    static final String DUCKDB_QUERY = "SELECT id, s, b, i8::INTEGER, i16::INTEGER, i32, f, d, day - DATE '1970-01-01',"
            + " epoch_us(\"at\"), epoch_us(wall) FROM rows";

    // The furthest that all readers agree on: DuckDB keeps the very ends of its range for infinity.
    private static final long MICROS_FAR = 9_000_000_000_000_000_000L;
    private static final long DAYS_FAR = 2_100_000_000L;

    private static final List<List<?>> EDGES = List.of(
            List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, 1L << 53, (1L << 53) + 1),
            List.of("", "plain", "é🚀 \u0000\t\"\\\n", "x".repeat(40_000), "\uffff", "z".repeat(31) + "\ud83d\ude80"),
            List.of(true, false),
            List.of(Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) 0),
            List.of(Short.MIN_VALUE, Short.MAX_VALUE, (short) 0),
            List.of(Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
            List.of(Float.MIN_VALUE, Float.MAX_VALUE, -0.0f, 0.0f, Float.NaN, Float.NEGATIVE_INFINITY, 0.1f),
            List.of(Double.MIN_VALUE, -Double.MAX_VALUE, -0.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY, 0.1),
            List.of(
                    LocalDate.ofEpochDay(-DAYS_FAR),
                    LocalDate.ofEpochDay(DAYS_FAR),
                    LocalDate.EPOCH,
                    LocalDate.of(1, 1, 1),
                    LocalDate.of(1582, 10, 14),
                    LocalDate.of(9999, 12, 31)),
            List.of(
                    instant(-MICROS_FAR),
                    instant(MICROS_FAR),
                    instant(-1),
                    Instant.parse("0001-01-01T00:00:00Z"),
                    Instant.parse("1582-10-14T23:59:59.999999Z"),
                    Instant.parse("2026-11-22T14:05:51.123456Z"),
                    Instant.parse("9999-12-31T23:59:59.999999Z")),
            List.of(
                    wall(-MICROS_FAR),
                    wall(MICROS_FAR),
                    wall(-1),
                    LocalDateTime.parse("0001-01-01T00:00:00"),
                    LocalDateTime.parse("1883-11-18T12:03:57.000001"),
                    LocalDateTime.parse("2026-03-29T02:30:00.5"),
                    LocalDateTime.parse("9999-12-31T23:59:59.999999")));

    private EveryType() {}

    /** Rows as a request sends them, several requests: each edge of each type, nulls alone, and both together. */
    static List<List<List<@Nullable Object>>> requests() {
        int most = EDGES.stream().mapToInt(List::size).max().orElseThrow();
        List<List<List<@Nullable Object>>> requests = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            requests.add(List.of(row(i, i), withNulls(row(i, (long) most + i), i % 2)));
        }
        requests.add(List.of(withNulls(withNulls(row(0, 2L * most), 0), 1)));
        return requests;
    }

    private static List<@Nullable Object> row(int edge, long id) {
        List<@Nullable Object> row = new ArrayList<>();
        for (List<?> edges : EDGES) {
            row.add(edges.get(edge % edges.size()));
        }
        // The first column tells rows apart, so only its first values are edges.
        if (edge != id || edge >= EDGES.get(0).size()) {
            row.set(0, 1000 + id);
        }
        return row;
    }

    private static List<@Nullable Object> withNulls(List<@Nullable Object> row, int parity) {
        for (int column = 1; column < row.size(); column++) {
            if (column % 2 == parity) {
                row.set(column, null);
            }
        }
        return row;
    }

    /** A request's body. Nulls are sent as such in even columns and left out in odd ones. */
    static String json(List<List<@Nullable Object>> rows) {
        ArrayNode body = new ObjectMapper().createArrayNode();
        for (List<@Nullable Object> row : rows) {
            ObjectNode record = body.addObject();
            for (int column = 0; column < row.size(); column++) {
                Object value = row.get(column);
                if (value != null || column % 2 == 0) {
                    put(record, NAMES.get(column), value);
                }
            }
        }
        return body.toString();
    }

    private static void put(ObjectNode record, String name, @Nullable Object value) {
        if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
            record.put(name, value.toString());
        } else if (value instanceof LocalDate day) {
            record.put(name, day.toEpochDay());
        } else if (value instanceof Instant at) {
            record.put(name, micros(at));
        } else if (value instanceof LocalDateTime wall) {
            record.put(name, micros(wall.toInstant(ZoneOffset.UTC)));
        } else {
            record.putPOJO(name, value);
        }
    }

    /** A row of {@link #DUCKDB_QUERY}, with the values as they were sent. */
    static List<@Nullable Object> fromDuckDb(List<@Nullable Object> row) {
        List<@Nullable Object> values = new ArrayList<>(row);
        for (int column = 0; column < values.size(); column++) {
            Object value = values.get(column);
            if (value != null) {
                values.set(column, fromDuckDb(NAMES.get(column), value));
            }
        }
        return values;
    }

    private static Object fromDuckDb(String name, Object value) {
        return switch (name) {
            case "i8" -> ((Number) value).byteValue();
            case "i16" -> ((Number) value).shortValue();
            case "day" -> LocalDate.ofEpochDay(((Number) value).longValue());
            case "at" -> instant(((Number) value).longValue());
            case "wall" -> wall(((Number) value).longValue());
            default -> value;
        };
    }

    /**
     * Whether Spark finds a value by itself. Zeros it does not, in files of its own making neither: Parquet's dictionary
     * filter tells -0.0 from 0.0 where SQL does not.
     */
    static boolean canBeLookedUp(Object value) {
        return !(value instanceof Float || value instanceof Double) || ((Number) value).doubleValue() != 0;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static LocalDateTime wall(long micros) {
        return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
    }

    static long micros(Instant at) {
        // ChronoUnit.MICROS.between counts nanoseconds on JDK 17, which do not reach that far.
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
    }
}
