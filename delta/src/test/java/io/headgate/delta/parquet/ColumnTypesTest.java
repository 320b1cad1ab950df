package io.headgate.delta.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every type, with and without NULL, at its edges: as two independent readers see it. */
class ColumnTypesTest {
    private static final long DAY_MICROS = 86_400_000_000L;

    /** What Parquet has one type for: those without parameters, and the others at the edges of theirs. */
    static final List<ColumnType> TYPES = Stream.concat(
                    ColumnType.PLAIN.stream(),
                    Stream.of(
                            new ColumnType.Char(3),
                            new ColumnType.Varchar(100_000),
                            new ColumnType.Decimal(1, 0),
                            new ColumnType.Decimal(9, 2),
                            new ColumnType.Decimal(10, 10),
                            new ColumnType.Decimal(18, 0),
                            new ColumnType.Decimal(19, 4),
                            new ColumnType.Decimal(38, 0),
                            new ColumnType.Decimal(38, 38)))
            .toList();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @FieldSource("TYPES")
    void valuesReadBackEqual(ColumnType type) throws Exception {
        List<Column> columns = List.of(new Column("needed", type, false), new Column("optional", type, true));
        List<List<Object>> rows = new ArrayList<>();
        for (Object value : edges(type)) {
            rows.add(List.of(value, value));
            rows.add(List.of(value, Rows.NULL));
        }
        Path path = directory.resolve("file");
        TypedRows.write(path, columns, ParquetSettings.DEFAULT, TypedRows.of(rows));

        assertEquals(rows, ParquetJava.rows(path, columns));
        try (Duck duck = new Duck()) {
            String select = "SELECT " + readable(type, "needed") + ", " + readable(type, "optional")
                    + " FROM read_parquet($file)";
            assertRows(rows, duck.query(path, select));
        }
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void typesAreThoseThatSparkWrites(ColumnType type) throws Exception {
        List<Column> columns = List.of(new Column("needed", type, false), new Column("optional", type, true));
        Path path = directory.resolve("file");
        TypedRows.write(path, columns, ParquetSettings.DEFAULT, List.of());
        try (Duck duck = new Duck()) {
            List<@Nullable Object[]> schema = duck.query(
                    path,
                    "SELECT name, repetition_type, type, converted_type, logical_type FROM parquet_schema($file) OFFSET 1");
            @Nullable String[] expected = parquetType(type);
            assertArrayEquals(
                    TypedRows.row("needed", "REQUIRED", expected[0], expected[1], expected[2]), schema.get(0));
            assertArrayEquals(
                    TypedRows.row("optional", "OPTIONAL", expected[0], expected[1], expected[2]), schema.get(1));
            assertEquals(2, schema.size());
            assertEquals(
                    expected[3],
                    duck.query(path, "SELECT typeof(needed) FROM (SELECT NULL) LEFT JOIN read_parquet($file) ON true")
                            .get(0)[0]);
        }
    }

    /** Physical type, converted type (for older readers), logical type, and what DuckDB makes of them. */
    private static @Nullable String[] parquetType(ColumnType type) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> new String[] {"BYTE_ARRAY", "UTF8", "StringType()", "VARCHAR"};
            case BOOLEAN -> new String[] {"BOOLEAN", null, null, "BOOLEAN"};
            case BYTE -> new String[] {"INT32", "INT_8", intType(8), "TINYINT"};
            case SHORT -> new String[] {"INT32", "INT_16", intType(16), "SMALLINT"};
            case INTEGER -> new String[] {"INT32", null, null, "INTEGER"};
            case LONG -> new String[] {"INT64", null, null, "BIGINT"};
            case FLOAT -> new String[] {"FLOAT", null, null, "FLOAT"};
            case DOUBLE -> new String[] {"DOUBLE", null, null, "DOUBLE"};
            case DATE -> new String[] {"INT32", "DATE", "DateType()", "DATE"};
            case TIMESTAMP -> new String[] {"INT64", "TIMESTAMP_MICROS", timestampType(1), "TIMESTAMP WITH TIME ZONE"};
            case TIMESTAMP_NTZ -> new String[] {"INT64", "TIMESTAMP_MICROS", timestampType(0), "TIMESTAMP"};
            case BINARY -> new String[] {"BYTE_ARRAY", null, null, "BLOB"};
            case DECIMAL -> decimalType((ColumnType.Decimal) type);
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type + " is nested");
        };
    }

    private static @Nullable String[] decimalType(ColumnType.Decimal type) {
        String stored = type.precision() <= 9 ? "INT32" : type.precision() <= 18 ? "INT64" : "FIXED_LEN_BYTE_ARRAY";
        String logical = "DecimalType(scale=" + type.scale() + ", precision=" + type.precision() + ")";
        return new String[] {stored, "DECIMAL", logical, type.sqlName()};
    }

    /** DuckDB shows the width as the character of that number. */
    private static String intType(int width) {
        return "IntType(bitWidth=" + (char) width + ", isSigned=1)";
    }

    private static String timestampType(int adjusted) {
        return "TimestampType(isAdjustedToUTC=" + adjusted
                + ", unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))";
    }

    private static List<Object> edges(ColumnType type) {
        return switch (type.kind()) {
            case STRING ->
                List.of(
                        "",
                        "a",
                        "é",
                        "\u20ac",
                        "\ud83d\ude80",
                        "\udbff\udfff",
                        "\u0000",
                        "x".repeat(100_000),
                        "\ud83d\ude80".repeat(1_000_000));
            case BOOLEAN -> List.of(true, false);
            case BYTE -> List.of(Byte.MIN_VALUE, (byte) -1, (byte) 0, Byte.MAX_VALUE);
            case SHORT -> List.of(Short.MIN_VALUE, (short) -1, (short) 0, Short.MAX_VALUE);
            case INTEGER -> List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
            case LONG -> List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
            case FLOAT ->
                List.of(
                        Float.NEGATIVE_INFINITY,
                        -Float.MAX_VALUE,
                        -0.0f,
                        0.0f,
                        Float.MIN_VALUE,
                        Float.MAX_VALUE,
                        Float.POSITIVE_INFINITY,
                        Float.NaN);
            case DOUBLE ->
                List.of(
                        Double.NEGATIVE_INFINITY,
                        -Double.MAX_VALUE,
                        -0.0,
                        0.0,
                        Double.MIN_VALUE,
                        Double.MAX_VALUE,
                        Double.POSITIVE_INFINITY,
                        Double.NaN);
            case DATE -> List.of(-2_147_483_646, -719_162, -1, 0, 2_932_896, 2_147_483_646);
            case TIMESTAMP, TIMESTAMP_NTZ ->
                List.of(
                        -Long.MAX_VALUE + 1,
                        -719_162 * DAY_MICROS,
                        -1L,
                        0L,
                        1L,
                        2_932_897 * DAY_MICROS - 1,
                        Long.MAX_VALUE - 1);
            case CHAR -> List.of("abc", "\u20ac  ");
            case VARCHAR -> List.of("", "\ud83d\ude80", "x".repeat(100_000));
            case BINARY ->
                List.of(
                        ByteBuffer.wrap(new byte[0]),
                        ByteBuffer.wrap(new byte[] {0}),
                        ByteBuffer.wrap(new byte[] {-1, -128, 127}),
                        ByteBuffer.wrap(new byte[100_000]));
            case DECIMAL -> {
                ColumnType.Decimal decimal = (ColumnType.Decimal) type;
                BigDecimal most = new BigDecimal(
                        BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE), decimal.scale());
                BigDecimal least = BigDecimal.valueOf(1, decimal.scale());
                yield List.of(most.negate(), least.negate(), BigDecimal.valueOf(0, decimal.scale()), least, most);
            }
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type + " is nested");
        };
    }

    /** DuckDB's own dates and timestamps come back as the numbers that went in. */
    private static String readable(ColumnType type, String column) {
        return switch (type.kind()) {
            case DATE -> "(" + column + " - DATE '1970-01-01')::INTEGER";
            case TIMESTAMP, TIMESTAMP_NTZ -> "epoch_us(" + column + ")";
            default -> column;
        };
    }

    private static void assertRows(List<List<Object>> expected, List<@Nullable Object[]> actual) throws SQLException {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            List<Object> row = new ArrayList<>();
            for (Object value : actual.get(i)) {
                row.add(
                        value == null
                                ? Rows.NULL
                                : value instanceof Blob blob
                                        ? ByteBuffer.wrap(blob.getBytes(1, (int) blob.length()))
                                        : value);
            }
            assertEquals(expected.get(i), row, "row " + i);
        }
    }
}
