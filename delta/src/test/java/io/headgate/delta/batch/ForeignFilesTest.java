package io.headgate.delta.batch;

import static io.headgate.schema.Rows.NULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.exceptions.KernelEngineException;
import io.headgate.model.Seed;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as others write them. */
class ForeignFilesTest {
    private static final int JULIAN_EPOCH_DAY = 2_440_588;
    private static final int DAYS = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private static final String EVERY_TYPE = """
            message m {
              required int64 n;
              optional boolean b;
              optional int32 i;
              optional int64 l;
              optional float f;
              optional double d;
              optional binary s (STRING);
              optional int32 d9 (DECIMAL(9,2));
              optional int64 d18 (DECIMAL(18,6));
              optional fixed_len_byte_array(9) d20 (DECIMAL(20,3));
              optional binary d30 (DECIMAL(30,0));
              optional int32 day (DATE);
              optional int64 millis (TIMESTAMP(MILLIS,true));
              optional int64 micros (TIMESTAMP(MICROS,true));
              optional int64 clock (TIMESTAMP(MICROS,false));
              optional int96 old;
              optional group a (LIST) { repeated group list { optional int32 element; } }
            }
            """;
    private static final List<Column> COLUMNS = List.of(
            new Column("n", ColumnType.LONG, false),
            new Column("b", ColumnType.BOOLEAN, true),
            new Column("i", ColumnType.INTEGER, true),
            new Column("l", ColumnType.LONG, true),
            new Column("f", ColumnType.FLOAT, true),
            new Column("d", ColumnType.DOUBLE, true),
            new Column("s", ColumnType.STRING, true),
            new Column("d9", new ColumnType.Decimal(9, 2), true),
            new Column("d18", new ColumnType.Decimal(18, 6), true),
            new Column("d20", new ColumnType.Decimal(20, 3), true),
            new Column("d30", new ColumnType.Decimal(30, 0), true),
            new Column("day", ColumnType.DATE, true),
            new Column("millis", ColumnType.TIMESTAMP, true),
            new Column("micros", ColumnType.TIMESTAMP, true),
            new Column("clock", ColumnType.TIMESTAMP_NTZ, true),
            new Column("old", ColumnType.TIMESTAMP, true),
            new Column("a", new ColumnType.Array(ColumnType.INTEGER, true), true));

    @TempDir
    private Path directory;

    /** Rows of {@link #EVERY_TYPE}, and the records to be written for them. */
    private static final class Generated {
        final ForeignFile file = new ForeignFile(EVERY_TYPE);
        final List<Group> records = new ArrayList<>();
        final List<List<Object>> rows = new ArrayList<>();
        private final Random random;
        private final int distinct;

        Generated(Random random, int count) {
            this.random = random;
            distinct = random.nextBoolean() ? 20 : Integer.MAX_VALUE;
            for (long n = 0; n < count; n++) {
                add(n);
            }
        }

        private int number() {
            return random.nextInt(distinct) - distinct / 2;
        }

        private void add(long n) {
            Group record = file.record().append("n", n);
            List<Object> row = new ArrayList<>(List.of(n));
            for (Column column : COLUMNS.subList(1, COLUMNS.size())) {
                row.add(random.nextInt(5) == 0 ? NULL : value(column.name(), record));
            }
            records.add(record);
            rows.add(row);
        }

        private Object value(String column, Group record) {
            int value = number();
            switch (column) {
                case "b" -> record.append(column, value > 0);
                case "i", "day" -> record.append(column, value);
                case "d9" -> record.append(column, value % 1_000_000_000);
                case "f" -> record.append(column, value / 7f);
                case "d" -> record.append(column, value / 7.0);
                case "s" -> record.append(column, "text " + value);
                case "d20" -> record.append(column, Binary.fromConstantByteArray(bytes(value, 9)));
                case "d30" -> record.append(column, Binary.fromConstantByteArray(bytes(value, 4)));
                case "old" -> record.append(column, int96(value % DAYS));
                case "a" -> elements(record.addGroup(column), value);
                default -> record.append(column, (long) value);
            }
            return switch (column) {
                case "b" -> value > 0;
                case "i", "day" -> value;
                case "d9" -> BigDecimal.valueOf(value % 1_000_000_000, 2);
                case "d18" -> BigDecimal.valueOf(value, 6);
                case "d20" -> BigDecimal.valueOf(value, 3);
                case "d30" -> BigDecimal.valueOf(value, 0);
                case "f" -> value / 7f;
                case "d" -> value / 7.0;
                case "s" -> "text " + value;
                case "millis" -> value * 1_000L;
                case "old" -> value % DAYS * MICROS_PER_DAY + 7;
                case "a" -> value % 3 == 0 ? List.of() : List.of(value, NULL, value);
                default -> (long) value;
            };
        }

        private static void elements(Group list, int value) {
            if (value % 3 != 0) {
                list.addGroup("list").append("element", value);
                list.addGroup("list");
                list.addGroup("list").append("element", value);
            }
        }

        private static byte[] bytes(int value, int length) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) (value < 0 ? -1 : 0));
            byte[] digits = BigInteger.valueOf(value).toByteArray();
            System.arraycopy(digits, 0, bytes, length - digits.length, digits.length);
            return bytes;
        }

        private static Binary int96(int day) {
            ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            return Binary.fromConstantByteArray(
                    bytes.putLong(7_999L).putInt(day + JULIAN_EPOCH_DAY).array());
        }
    }

    /** With pages of either version, dictionaries or none, and the encodings that come with them. */
    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void everyEncodingIsRead(CompressionCodecName codec) throws Exception {
        Random random = Seed.forTest("ForeignFilesTest " + codec).random();
        for (WriterVersion version : WriterVersion.values()) {
            for (boolean dictionary : new boolean[] {true, false}) {
                Generated generated = new Generated(random, 3_000);
                Path file = directory.resolve(version + "-" + dictionary);
                generated.file.write(
                        file,
                        generated.records,
                        builder -> builder.withCompressionCodec(codec)
                                .withWriterVersion(version)
                                .withDictionaryEncoding(dictionary)
                                .withByteStreamSplitEncoding(!dictionary)
                                .withPageSize(512)
                                .withRowGroupSize(64L << 10));
                assertEquals(generated.rows, KernelRows.ours(file, COLUMNS));
                assertEquals(generated.rows, KernelRows.kernels(file, COLUMNS));
            }
        }
    }

    @Test
    void aCodecThatIsNotReadIsNamed() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> PageCodec.of(CompressionCodecName.BROTLI));
        assertTrue(refused.toString().contains("BROTLI"), refused::toString);
    }

    /**
     * A layout that somebody has written.
     *
     * @param schema the file's, with a field {@code v}
     * @param type what the table says that it is
     * @param records what is put into a record for each row
     * @param values what is read
     */
    record Layout(String schema, ColumnType type, List<Consumer<Group>> records, List<Object> values) {
        @Override
        public String toString() {
            return schema.replaceAll("\\s+", " ") + " as " + type;
        }
    }

    static Stream<Layout> layouts() {
        ColumnType ints = new ColumnType.Array(ColumnType.INTEGER, true);
        ColumnType pairs = new ColumnType.Array(
                new ColumnType.Struct(
                        List.of(new Column("a", ColumnType.INTEGER, true), new Column("b", ColumnType.STRING, true))),
                true);
        ColumnType singles =
                new ColumnType.Array(new ColumnType.Struct(List.of(new Column("a", ColumnType.INTEGER, true))), true);
        ColumnType counts = new ColumnType.Map(ColumnType.STRING, ColumnType.INTEGER, true);
        return Stream.of(
                new Layout(
                        "optional group v (LIST) { repeated int32 element; }",
                        ints,
                        List.of(
                                row -> {},
                                row -> row.addGroup("v"),
                                row -> row.addGroup("v").append("element", 1).append("element", 2)),
                        List.of(NULL, List.of(), List.of(1, 2))),
                new Layout(
                        "repeated int32 v;",
                        ints,
                        List.of(row -> {}, row -> row.append("v", 1).append("v", 2)),
                        List.of(List.of(), List.of(1, 2))),
                new Layout(
                        "repeated group v { optional int32 a; optional binary b (STRING); }",
                        pairs,
                        List.of(row -> {}, row -> {
                            row.addGroup("v").append("b", "x");
                            row.addGroup("v");
                        }),
                        List.of(List.of(), List.of(List.of(NULL, "x"), List.of(NULL, NULL)))),
                new Layout(
                        "optional group v (LIST) { repeated group pair { required int32 a; optional binary b (STRING); } }",
                        pairs,
                        List.of(
                                row -> {},
                                row -> row.addGroup("v")
                                        .addGroup("pair")
                                        .append("a", 1)
                                        .append("b", "x")),
                        List.of(NULL, List.of(List.of(1, "x")))),
                new Layout(
                        "required group v (LIST) { repeated group array { required int32 a; } }",
                        singles,
                        List.of(
                                row -> row.addGroup("v"),
                                row -> row.addGroup("v").addGroup("array").append("a", 1)),
                        List.of(List.of(), List.of(List.of(1)))),
                new Layout(
                        "optional group v (LIST) { repeated group v_tuple { optional int32 a; } }",
                        singles,
                        List.of(row -> row.addGroup("v").addGroup("v_tuple")),
                        List.of(List.of(List.of(NULL)))),
                new Layout(
                        "optional group v (LIST) { repeated group bag { optional int32 array_element; } }",
                        ints,
                        List.of(row -> {
                            Group list = row.addGroup("v");
                            list.addGroup("bag").append("array_element", 1);
                            list.addGroup("bag");
                        }),
                        List.of(Arrays.asList(1, NULL))),
                new Layout(
                        "optional group v (LIST) { repeated group array (LIST) { repeated int32 array; } }",
                        new ColumnType.Array(ints, true),
                        List.of(row -> {
                            Group list = row.addGroup("v");
                            list.addGroup("array").append("array", 1).append("array", 2);
                            list.addGroup("array");
                            list.addGroup("array").append("array", 3);
                        }),
                        List.of(List.of(List.of(1, 2), List.of(), List.of(3)))),
                new Layout(
                        "optional group v (MAP_KEY_VALUE) { repeated group map { required binary word (STRING); optional int32 count; } }",
                        counts,
                        List.of(
                                row -> {},
                                row -> row.addGroup("v"),
                                row -> row.addGroup("v")
                                        .addGroup("map")
                                        .append("word", "w")
                                        .append("count", 7)),
                        List.of(NULL, List.of(), List.of(Map.entry("w", 7)))),
                new Layout(
                        "optional group v (MAP) { repeated group key_value { required binary key (STRING); } }",
                        counts,
                        List.of(row -> row.addGroup("v").addGroup("key_value").append("key", "k")),
                        List.of(List.of(Map.entry("k", NULL)))),
                new Layout(
                        "optional group v { optional int32 other; }",
                        new ColumnType.Struct(List.of(new Column("added", ColumnType.LONG, true))),
                        List.of(row -> {}, row -> row.addGroup("v").append("other", 1), row -> row.addGroup("v")),
                        List.of(NULL, List.of(NULL), List.of(NULL))),
                new Layout("required int32 V;", ColumnType.LONG, List.of(row -> row.append("V", -5)), List.of(-5L)),
                new Layout("required int32 v;", ColumnType.DOUBLE, List.of(row -> row.append("v", -5)), List.of(-5.0)),
                new Layout("required float v;", ColumnType.DOUBLE, List.of(row -> row.append("v", 0.5f)), List.of(0.5)),
                new Layout(
                        "required int32 v;",
                        new ColumnType.Decimal(12, 2),
                        List.of(row -> row.append("v", -5)),
                        List.of(new BigDecimal("-5.00"))),
                new Layout(
                        "required int32 v (DECIMAL(9,1));",
                        new ColumnType.Decimal(12, 2),
                        List.of(row -> row.append("v", -5)),
                        List.of(new BigDecimal("-0.50"))),
                new Layout(
                        "required int32 v (DATE);",
                        ColumnType.TIMESTAMP_NTZ,
                        List.of(row -> row.append("v", -1)),
                        List.of(-MICROS_PER_DAY)),
                new Layout(
                        "required fixed_len_byte_array(2) v;",
                        ColumnType.BINARY,
                        List.of(row -> row.append("v", Binary.fromConstantByteArray(new byte[] {1, 2}))),
                        List.of(ByteBuffer.wrap(new byte[] {1, 2}))));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyLayoutIsRead(Layout layout) throws Exception {
        Path file = directory.resolve("file");
        ForeignFile foreign = new ForeignFile("message m { " + layout.schema + " required int32 after; }");
        List<Group> records = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < layout.records.size(); i++) {
            Group record = foreign.record();
            layout.records.get(i).accept(record);
            records.add(record.append("after", i));
            rows.add(List.of(layout.values.get(i), i));
        }
        foreign.write(file, records);
        List<Column> columns =
                List.of(new Column("v", layout.type, true), new Column("after", ColumnType.INTEGER, false));
        assertEquals(rows, KernelRows.ours(file, columns));
    }

    static Stream<Layout> otherTypes() {
        ColumnType strings = new ColumnType.Array(ColumnType.STRING, true);
        return Stream.of(
                new Layout("required binary v (STRING);", ColumnType.DATE, List.of(), List.of()),
                new Layout("required int64 v;", ColumnType.INTEGER, List.of(), List.of()),
                new Layout("required int64 v;", ColumnType.TIMESTAMP, List.of(), List.of()),
                new Layout("required int64 v (TIMESTAMP(NANOS,true));", ColumnType.TIMESTAMP, List.of(), List.of()),
                new Layout("required int64 v (TIMESTAMP(MICROS,false));", ColumnType.TIMESTAMP, List.of(), List.of()),
                new Layout(
                        "required int64 v (TIMESTAMP(MICROS,true));", ColumnType.TIMESTAMP_NTZ, List.of(), List.of()),
                new Layout("required int32 v (DECIMAL(9,3));", new ColumnType.Decimal(9, 2), List.of(), List.of()),
                new Layout("required binary v;", new ColumnType.Decimal(9, 2), List.of(), List.of()),
                new Layout("required double v;", ColumnType.FLOAT, List.of(), List.of()),
                new Layout("required int32 v;", ColumnType.BOOLEAN, List.of(), List.of()),
                new Layout("required binary v (STRING);", strings, List.of(), List.of()),
                new Layout("optional group v { optional int32 a; }", strings, List.of(), List.of()),
                new Layout("optional group v { optional int32 a; }", ColumnType.STRING, List.of(), List.of()),
                new Layout(
                        "required int32 v;",
                        new ColumnType.Map(ColumnType.STRING, ColumnType.STRING, true),
                        List.of(),
                        List.of()),
                new Layout(
                        "required int32 v;",
                        new ColumnType.Struct(List.of(new Column("a", ColumnType.LONG, true))),
                        List.of(),
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("otherTypes")
    void whatCannotBeReadAsTheTablesTypeIsSaidSo(Layout layout) throws Exception {
        Path file = directory.resolve("file");
        new ForeignFile("message m { " + layout.schema + " }").write(file, List.of());
        KernelEngineException refused = assertThrows(
                KernelEngineException.class, () -> KernelRows.ours(file, List.of(new Column("v", layout.type, true))));
        assertTrue(refused.toString().contains("Column 'v' of the file is "), refused::toString);
        assertTrue(refused.toString().contains(file.toString()), refused::toString);
    }

    @Test
    void whatIsNoWholeParquetFileIsSaidSo() throws Exception {
        Generated generated = new Generated(new Random(1), 100);
        Path whole = directory.resolve("whole");
        generated.file.write(whole, generated.records);
        byte[] bytes = Files.readAllBytes(whole);
        Path half = directory.resolve("half");
        for (int length : new int[] {0, 4, 11, bytes.length / 2, bytes.length - 1}) {
            Files.write(half, Arrays.copyOf(bytes, length));
            KernelEngineException refused =
                    assertThrows(KernelEngineException.class, () -> KernelRows.ours(half, COLUMNS));
            assertTrue(refused.toString().contains(half.toString()), refused::toString);
        }
        assertThrows(KernelEngineException.class, () -> KernelRows.ours(directory.resolve("none"), COLUMNS));
    }

    /** Each page has a checksum, which is looked at. */
    @Test
    void aDamagedPageIsNoticed() throws Exception {
        Generated generated = new Generated(new Random(1), 1_000);
        Path file = directory.resolve("file");
        generated.file.write(
                file,
                generated.records,
                builder ->
                        builder.withDictionaryEncoding(false).withCompressionCodec(CompressionCodecName.UNCOMPRESSED));
        byte[] bytes = Files.readAllBytes(file);
        int middle = 4_000; // within the first column's values
        bytes[middle] ^= 1;
        Files.write(file, bytes);
        KernelEngineException refused = assertThrows(KernelEngineException.class, () -> KernelRows.ours(file, COLUMNS));
        assertTrue(refused.toString().contains("CRC"), refused::toString);
    }
}
