package io.headgate.delta.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.headgate.model.Seed;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStatisticsTest {
    private static final String TOP = Character.toString(Character.MAX_CODE_POINT);
    private static final ParquetSettings MANY_ROW_GROUPS =
            new ParquetSettings(4096, 1024, 1024, 1, -1, "Test version 1");

    @TempDir
    private Path directory;

    private int files;

    @Test
    void randomRowsGiveWhatAPlainComputationGives() throws Exception {
        Random random = Seed.forTest("FileStatisticsTest").random();
        List<Column> columns = ColumnTypesTest.TYPES.stream()
                .map(type -> new Column(type.sqlName(), type, true))
                .toList();
        for (int round = 0; round < 20; round++) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            int nullsInTen = random.nextInt(11);
            for (int i = 1 + random.nextInt(2000); i > 0; i--) {
                rows.add(columns.stream()
                        .map(column -> random.nextInt(10) < nullsInTen ? null : value(column.type(), random))
                        .toArray());
            }
            DataFileStatistics statistics =
                    TypedRows.write(directory.resolve("random" + round), columns, MANY_ROW_GROUPS, rows);
            assertEquals(rows.size(), statistics.getNumRecords());
            for (int i = 0; i < columns.size(); i++) {
                assertColumn(columns.get(i), i, rows, statistics);
            }
        }
    }

    private static void assertColumn(
            Column column, int index, List<@Nullable Object[]> rows, DataFileStatistics statistics) {
        List<Object> values = new ArrayList<>();
        rows.stream().map(row -> row[index]).filter(Objects::nonNull).forEach(values::add);
        values.sort(FileStatisticsTest::compare);
        boolean bounded = !values.isEmpty()
                && column.type() != ColumnType.BOOLEAN
                && column.type() != ColumnType.BINARY
                && !values.stream().anyMatch(FileStatisticsTest::isNaN);
        assertEquals((long) rows.size() - values.size(), nullCount(statistics, column.name()), column.name());
        if (bounded) {
            assertEquals(rounded(column.type(), values.get(0), false), min(statistics, column.name()), column.name());
            assertEquals(
                    rounded(column.type(), values.get(values.size() - 1), true),
                    max(statistics, column.name()),
                    column.name());
        } else {
            assertEquals(null, min(statistics, column.name()), column.name());
            assertEquals(null, max(statistics, column.name()), column.name());
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // All values of a column have one type.
    private static int compare(Object a, Object b) {
        return a instanceof String ? Arrays.compareUnsigned(utf8(a), utf8(b)) : ((Comparable) a).compareTo(b);
    }

    private static byte[] utf8(Object text) {
        return ((String) text).getBytes(UTF_8);
    }

    private static boolean isNaN(Object value) {
        return (value instanceof Float f && f.isNaN()) || (value instanceof Double d && d.isNaN());
    }

    /** Short strings only: how long ones are cut has its own tests. Parquet widens a bound of zero to both zeros. */
    private static Object rounded(ColumnType type, Object value, boolean up) {
        return switch (type.kind()) {
            case TIMESTAMP, TIMESTAMP_NTZ ->
                up ? -Math.floorDiv(-(Long) value, 1000L) * 1000 : Math.floorDiv((Long) value, 1000L) * 1000;
            case FLOAT -> (Float) value != 0 ? value : (Object) (up ? 0.0f : -0.0f);
            case DOUBLE -> (Double) value != 0 ? value : (Object) (up ? 0.0 : -0.0);
            default -> value;
        };
    }

    private static Object value(ColumnType type, Random random) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR ->
                random.ints(random.nextInt(8), 0, 4)
                        .mapToObj(i -> List.of("a", "z", "é", "\ud83d\ude80").get(i))
                        .reduce("", String::concat);
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte) random.nextInt();
            case SHORT -> (short) random.nextInt();
            case INTEGER -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextInt(5000) == 0 ? Float.NaN : (random.nextInt(7) - 3) * random.nextFloat();
            case DOUBLE -> random.nextInt(5000) == 0 ? Double.NaN : (random.nextInt(7) - 3) * random.nextGaussian();
            case DATE -> random.nextInt(2_932_897 + 719_162) - 719_162;
            case TIMESTAMP, TIMESTAMP_NTZ -> random.nextLong(-62_135_596_800_000_000L, 253_402_300_799_998_999L);
            case BINARY -> ByteBuffer.wrap(new byte[] {(byte) random.nextInt()});
            case DECIMAL -> {
                ColumnType.Decimal decimal = (ColumnType.Decimal) type;
                int digits = 1 + random.nextInt(decimal.precision());
                BigInteger units = new BigInteger(200, random).mod(BigInteger.TEN.pow(digits));
                yield new BigDecimal(random.nextBoolean() ? units : units.negate(), decimal.scale());
            }
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type + " is nested");
        };
    }

    @Test
    void aColumnOfNullsHasNoBounds() throws Exception {
        DataFileStatistics statistics = ofValues(ColumnType.LONG, null, null);
        assertEquals(null, min(statistics, "c"));
        assertEquals(null, max(statistics, "c"));
        assertEquals(2L, nullCount(statistics, "c"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, Double.NaN})
    void aColumnWithNaNHasNoBounds(double other) throws Exception {
        for (DataFileStatistics statistics : List.of(
                ofValues(ColumnType.DOUBLE, other, Double.NaN, 3.0),
                ofValues(ColumnType.FLOAT, (float) other, 3.0f, Float.NaN))) {
            assertEquals(null, min(statistics, "c"));
            assertEquals(null, max(statistics, "c"));
            assertEquals(0L, nullCount(statistics, "c"));
        }
    }

    @Test
    void infinitiesAreBounds() throws Exception {
        DataFileStatistics statistics = ofValues(ColumnType.DOUBLE, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        assertEquals(Double.NEGATIVE_INFINITY, min(statistics, "c"));
        assertEquals(Double.POSITIVE_INFINITY, max(statistics, "c"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0})
    void boundsOfZeroCoverBothZeros(double zero) throws Exception {
        DataFileStatistics statistics = ofValues(ColumnType.DOUBLE, zero);
        assertEquals(-0.0, min(statistics, "c"));
        assertEquals(0.0, max(statistics, "c"));
    }

    @Test
    void stringsAreCutTo32CharactersAndAMaximumThatWasCutIsRaised() throws Exception {
        String kept = "é".repeat(32);
        assertStringBounds(kept, kept, kept);
        assertStringBounds("x".repeat(33), "x".repeat(32), "x".repeat(32) + "\u007f");
        assertStringBounds(kept + "a" + "z".repeat(100_000), kept, kept + "\u007f");
        assertStringBounds(kept + "\u007f", kept, kept + TOP);
        assertStringBounds(kept + "\ud83d\ude80", kept, kept + TOP);
        assertStringBounds("\ud83d\ude80".repeat(33), "\ud83d\ude80".repeat(32), "\ud83d\ude80".repeat(32) + TOP);
    }

    @Test
    void theGreatestCharacterCannotBeToppedSoItIsKeptUpTo64Characters() throws Exception {
        String kept = "x".repeat(32);
        assertStringBounds(kept + TOP, kept, kept + TOP);
        assertStringBounds(kept + TOP + "a", kept, kept + TOP + "\u007f");
        assertStringBounds(kept + TOP.repeat(32), kept, kept + TOP.repeat(32));
        assertStringBounds(kept + TOP.repeat(32) + "b", kept, kept + TOP.repeat(32) + "\u007f");
        assertStringBounds(kept + TOP.repeat(33), kept, null);
        assertStringBounds(kept + TOP.repeat(1000) + "b", kept, null);
    }

    @Test
    void cutMaximumsStayAboveAllValues() throws Exception {
        Random random = Seed.forTest("FileStatisticsTest.cut").random();
        int[] alphabet = {'a', 0x7e, 0x7f, 0x80, 0x7ff, 0xffff, 0x10000, Character.MAX_CODE_POINT};
        for (int round = 0; round < 200; round++) {
            String prefix = "p".repeat(28 + random.nextInt(8));
            String[] values = random.ints(20, 0, 40)
                    .mapToObj(length -> prefix
                            + random.ints(length, 0, alphabet.length)
                                    .map(i -> alphabet[i])
                                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append))
                    .toArray(String[]::new);
            DataFileStatistics statistics = ofValues(ColumnType.STRING, (Object[]) values);
            for (String value : values) {
                assertTrue(compare(Objects.requireNonNull(min(statistics, "c")), value) <= 0);
                assertTrue(compare(Objects.requireNonNull(max(statistics, "c")), value) >= 0);
            }
        }
    }

    private void assertStringBounds(String value, String min, @Nullable String max) throws Exception {
        DataFileStatistics statistics = ofValues(ColumnType.STRING, value);
        assertEquals(min, min(statistics, "c"));
        assertEquals(max, max(statistics, "c"));
    }

    @Test
    void timestampsAreKeptInMillisecondsThatEncloseThem() throws Exception {
        for (ColumnType type : List.of(ColumnType.TIMESTAMP, ColumnType.TIMESTAMP_NTZ)) {
            DataFileStatistics statistics = ofValues(type, -1L, 1_001L);
            assertEquals(-1_000L, min(statistics, "c"));
            assertEquals(2_000L, max(statistics, "c"));
            DataType kernelType =
                    type == ColumnType.TIMESTAMP ? TimestampType.TIMESTAMP : TimestampNTZType.TIMESTAMP_NTZ;
            String json = statistics.serializeAsJson(new StructType().add("c", kernelType));
            assertTrue(json.contains("1969-12-31T23:59:59.999") && json.contains("1970-01-01T00:00:00.002"), json);
        }
    }

    @Test
    void datesBeyondFourDigitYearsAreNoBounds() throws Exception {
        int first = (int) LocalDate.of(1, 1, 1).toEpochDay();
        int last = (int) LocalDate.of(9999, 12, 31).toEpochDay();
        DataFileStatistics within = ofValues(ColumnType.DATE, first, last);
        assertEquals(first, min(within, "c"));
        assertEquals(last, max(within, "c"));
        DataFileStatistics beyond = ofValues(ColumnType.DATE, first - 1, last + 1);
        assertEquals(null, min(beyond, "c"));
        assertEquals(null, max(beyond, "c"));
    }

    @Test
    void timestampsBeyondFourDigitYearsAreNoBounds() throws Exception {
        DataFileStatistics within = ofValues(ColumnType.TIMESTAMP, -62_135_596_800_000_000L, 253_402_300_799_999_000L);
        assertEquals(-62_135_596_800_000_000L, min(within, "c"));
        assertEquals(253_402_300_799_999_000L, max(within, "c"));
        DataFileStatistics beyond = ofValues(ColumnType.TIMESTAMP, -62_135_596_800_000_001L, 253_402_300_799_999_001L);
        assertEquals(null, min(beyond, "c"));
        assertEquals(null, max(beyond, "c"));
        DataFileStatistics extreme = ofValues(ColumnType.TIMESTAMP, Long.MIN_VALUE, Long.MAX_VALUE);
        assertEquals(null, min(extreme, "c"));
        assertEquals(null, max(extreme, "c"));
    }

    @Test
    void onlyTheFirstColumnsAreReportedOn() throws Exception {
        List<Column> columns = List.of(new Column("a", ColumnType.LONG, true), new Column("b", ColumnType.LONG, true));
        DataFileStatistics statistics = TypedRows.write(
                directory.resolve("indexed"),
                columns,
                ParquetSettings.DEFAULT.withIndexedColumns(1),
                List.<@Nullable Object[]>of(TypedRows.row(1L, 2L)));
        assertEquals(1L, min(statistics, "a"));
        assertEquals(0L, nullCount(statistics, "a"));
        assertEquals(null, min(statistics, "b"));
        assertFalse(statistics.getNullCount().containsKey(new io.delta.kernel.expressions.Column("b")));
        assertEquals(1, statistics.getNumRecords());
    }

    @Test
    void aStructIsReportedOnAsItsFieldsAndTheyCountAsColumns() throws Exception {
        ColumnType inner = new ColumnType.Struct(List.of(
                new Column("d", new ColumnType.Decimal(38, 10), true), new Column("bytes", ColumnType.BINARY, true)));
        ColumnType outer = new ColumnType.Struct(List.of(
                new Column("i", ColumnType.INTEGER, false),
                new Column("inner", inner, true),
                new Column("a", new ColumnType.Array(ColumnType.LONG, true), true)));
        List<Column> columns = List.of(new Column("s", outer, true), new Column("v", new ColumnType.Varchar(40), true));
        List<List<Object>> rows = List.of(
                List.of(
                        List.of(
                                7,
                                List.of(new BigDecimal("-1234567890123456789012345678.0000000001"), Rows.NULL),
                                List.of(1L, Rows.NULL)),
                        "x".repeat(33)),
                List.of(List.of(-7, Rows.NULL, List.of()), Rows.NULL),
                List.of(Rows.NULL, Rows.NULL));
        StructType kernel = new StructType()
                .add(
                        "s",
                        new StructType()
                                .add("i", IntegerType.INTEGER)
                                .add(
                                        "inner",
                                        new StructType()
                                                .add("d", new DecimalType(38, 10))
                                                .add("bytes", BinaryType.BINARY))
                                .add("a", new ArrayType(LongType.LONG, true)))
                .add("v", StringType.STRING);
        assertEquals(
                SparkTexts.of("statistics.json").strip().replace('"', '\''),
                json(columns, rows, -1, kernel),
                "as Spark has them");
        assertEquals(
                "{'numRecords':3,'minValues':{'s':{'i':-7,'inner':{'d':-1234567890123456789012345678.0000000001}}},"
                        + "'maxValues':{'s':{'i':7,'inner':{'d':-1234567890123456789012345678.0000000001}}},"
                        + "'nullCount':{'s':{'i':1,'inner':{'d':2,'bytes':3}}}}",
                json(columns, rows, 3, kernel));
    }

    private String json(List<Column> columns, List<List<Object>> rows, int indexed, StructType kernel)
            throws Exception {
        return TypedRows.write(
                        directory.resolve("json" + files++),
                        columns,
                        ParquetSettings.DEFAULT.withIndexedColumns(indexed),
                        TypedRows.of(rows))
                .serializeAsJson(kernel)
                .replace('"', '\'');
    }

    private DataFileStatistics ofValues(ColumnType type, @Nullable Object... values) throws Exception {
        List<Column> columns = List.of(new Column("c", type, true));
        return TypedRows.write(
                directory.resolve("values" + files++), columns, ParquetSettings.DEFAULT, TypedRows.ofColumn(values));
    }

    private static @Nullable Object min(DataFileStatistics statistics, String column) {
        return value(statistics.getMinValues().get(new io.delta.kernel.expressions.Column(column)));
    }

    private static @Nullable Object max(DataFileStatistics statistics, String column) {
        return value(statistics.getMaxValues().get(new io.delta.kernel.expressions.Column(column)));
    }

    private static @Nullable Object value(@Nullable Literal literal) {
        return literal == null ? null : literal.getValue();
    }

    private static @Nullable Long nullCount(DataFileStatistics statistics, String column) {
        return statistics.getNullCount().get(new io.delta.kernel.expressions.Column(column));
    }
}
