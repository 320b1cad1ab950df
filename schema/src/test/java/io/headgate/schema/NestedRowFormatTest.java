package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The row format of what has parameters or consists of values. */
class NestedRowFormatTest {
    private static final ColumnType ITEMS = new ColumnType.Array(ColumnType.SHORT, true);
    private static final ColumnType STRUCT = new ColumnType.Struct(
            List.of(new Column("a", ColumnType.INTEGER, false), new Column("b", ColumnType.STRING, true)));
    private static final List<Column> COLUMNS = columns(
            ColumnType.BINARY,
            new ColumnType.Decimal(18, 2),
            new ColumnType.Decimal(19, 0),
            new ColumnType.Char(3),
            STRUCT,
            ITEMS,
            new ColumnType.Map(ColumnType.STRING, ColumnType.BOOLEAN, true),
            new ColumnType.Array(new ColumnType.Array(ColumnType.BYTE, false), true));

    private static List<Column> columns(ColumnType... types) {
        return Arrays.stream(types)
                .map(type -> new Column(type.sqlName(), type, true))
                .toList();
    }

    @Test
    void theBytesOfARowAreFixedForEver() {
        List<Object> row = List.of(
                ByteBuffer.wrap(new byte[] {1, -1}),
                new BigDecimal("-1.50"),
                new BigDecimal("18446744073709551618"),
                "abc",
                List.of(7, "é"),
                List.of((short) 1, Rows.NULL, (short) 3, (short) 4, (short) 5, (short) 6, (short) 7, (short) 8, (short)
                        9),
                List.of(Map.entry("k", true), Map.entry("", Rows.NULL)),
                List.of(List.of((byte) 5), List.of(), Rows.NULL));
        String slots = "4d00000002000000" // BINARY: 2 bytes at 77
                + "6affffffffffffff" // DECIMAL(18,2): -150
                + "0200000000000000" + "0100000000000000" // DECIMAL(19,0): 2^64 + 2
                + "4f00000003000000" // CHAR: 3 bytes at 79
                + "520000000d000000" // STRUCT: 13 bytes at 82
                + "6100000018000000" // ARRAY: 24 bytes at 97
                + "7a00000017000000" // MAP: 23 bytes at 122
                + "9b0000001d000000"; // ARRAY of ARRAY: 29 bytes at 155
        String variable = "01ff" + "616263"
                + "00" + "07000000" + "5f00000002000000" + "c3a9" // STRUCT, and its text at 95
                + "09000000" + "0200" + "010000000300040005000600070008000900" // ARRAY: the second is null
                + "6b" // the first key, at 121
                + "02000000" + "08" + "790000000100000001" + "7a0000000000000000" // MAP: the second value is null
                + "01000000" + "00" + "05" // ARRAY at 145
                + "00000000" // ARRAY at 151
                + "03000000" + "04" + "9100000006000000" + "9700000004000000" + "0000000000000000";
        String nothing = "4d000000" + "ff" + "00".repeat(72);
        ByteBuffer payload = payload(COLUMNS, List.of(row, List.of()));
        assertEquals("b8000000" + "00" + slots + variable + nothing, hex(payload));
        List<Object> nulls = new ArrayList<>();
        COLUMNS.forEach(column -> nulls.add(Rows.NULL));
        assertEquals(List.of(row, nulls), Rows.read(RowLayout.of(COLUMNS), payload));
    }

    @Test
    void rowsReadBackAsTheyWereWritten() {
        Random random = Seed.forTest("NestedRowFormatTest.rowsReadBackAsTheyWereWritten")
                .random();
        RandomRows any = new RandomRows(random);
        for (int round = 0; round < 500; round++) {
            List<Column> columns = any.columns(20);
            List<List<Object>> rows = rows(any, columns, random.nextInt(10));
            assertEquals(rows, Rows.read(RowLayout.of(columns), payload(columns, rows)));
        }
    }

    @Test
    void itemsAreReadInAnyOrder() {
        List<Column> columns = columns(ITEMS, new ColumnType.Array(STRUCT, true));
        List<Object> structs = List.of(List.of(1, "x"), Rows.NULL, List.of(3, "z"));
        RowReader row = new RowReader(RowLayout.of(columns))
                .wrap(payload(columns, List.of(List.of(List.of((short) 1, (short) 2), structs))));
        assertTrue(row.next());
        ItemReader items = row.itemsAt(1);
        assertEquals(3, items.count());
        assertEquals(3, items.at(2).structAt(0).intAt(0));
        assertEquals(1, items.at(0).structAt(0).intAt(0));
        assertTrue(items.at(1).isNull(0));
        assertEquals(2, row.itemsAt(0).at(1).shortAt(0));
        for (int outside : new int[] {-1, 3, Integer.MAX_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> items.at(outside));
        }
        ItemReader before = row.itemsAt(0);
        assertThrows(IndexOutOfBoundsException.class, () -> before.isNull(0));
        assertThrows(IndexOutOfBoundsException.class, () -> before.shortAt(0));
        assertThrows(IllegalArgumentException.class, () -> row.structAt(0));
        assertThrows(IllegalArgumentException.class, () -> items.at(0).itemsAt(0));
    }

    @Test
    void halvesOfADecimal() {
        List<Column> columns = columns(new ColumnType.Decimal(18, 0), new ColumnType.Decimal(38, 38));
        for (String units : List.of("0", "1", "-1", "999999999999999999", "-999999999999999999")) {
            for (String wide : List.of(units, "9".repeat(38), "-" + "9".repeat(38), "-18446744073709551616")) {
                BigDecimal fraction = new BigDecimal(new BigInteger(wide), 38);
                RowReader row = new RowReader(RowLayout.of(columns))
                        .wrap(payload(columns, List.of(List.of(new BigDecimal(units), fraction))));
                assertTrue(row.next());
                assertEquals(new BigDecimal(units), row.decimalAt(0));
                assertEquals(fraction, row.decimalAt(1));
                assertEquals(Long.parseLong(units), row.decimalLow(0));
                assertEquals(Long.parseLong(units) < 0 ? -1 : 0, row.decimalHigh(0));
                assertEquals(fraction.unscaledValue().longValue(), row.decimalLow(1));
                assertEquals(fraction.unscaledValue().shiftRight(64).longValue(), row.decimalHigh(1));
            }
        }
    }

    /** As deep as types may be, where a recursion over rows would end. */
    @Test
    void theDeepestTypeIsWrittenAndReadBack() throws Exception {
        ColumnType type = ColumnType.LONG;
        Object value = 7L;
        StringBuilder json = new StringBuilder("7");
        for (int i = 0; i < ColumnType.NESTING_MAX; i++) {
            boolean isArray = i % 2 == 0;
            type = isArray
                    ? new ColumnType.Array(type, false)
                    : new ColumnType.Struct(List.of(new Column("f", type, true)));
            value = List.of(value);
            json.insert(0, isArray ? "[" : "{\"f\":").append(isArray ? "]" : "}");
        }
        List<Column> columns = List.of(new Column("c", type, true));
        ByteBuffer payload = payload(columns, List.of(List.of(value)));
        assertEquals(List.of(List.of(value)), Rows.read(RowLayout.of(columns), payload));
        assertEquals("[{\"c\":" + json + "}]", RowJsonTest.json(columns, payload));
    }

    /** What becomes of a damaged row is the same whatever lies behind it, so nothing there was read. */
    @Test
    void noDamageLetsAnythingOutsideTheRowBeRead() {
        Random random = Seed.forTest("NestedRowFormatTest.noDamageLetsAnythingOutsideTheRowBeRead")
                .random();
        RandomRows any = new RandomRows(random);
        int damaged = 0;
        for (int round = 0; round < 60; round++) {
            List<Column> columns = any.columns(8);
            byte[] row = bytes(payload(columns, rows(any, columns, 1)));
            for (int i = RowLayout.LENGTH_BYTES; i < row.length; i++) {
                byte[] flipped = row.clone();
                flipped[i] = (byte) (random.nextBoolean() ? random.nextInt() : ~flipped[i]);
                @Nullable Object followedByOnes = first(columns, flipped, (byte) -1);
                assertEquals(first(columns, flipped, (byte) 0), followedByOnes);
                damaged += followedByOnes == null ? 1 : 0;
            }
        }
        assertTrue(damaged > 300, "damage was met");
    }

    /** The first row of a payload; null if it is corrupt. */
    private static @Nullable Object first(List<Column> columns, byte[] row, byte behind) {
        byte[] payload = Arrays.copyOf(row, row.length + 300);
        Arrays.fill(payload, row.length, payload.length, behind);
        RowLayout layout = RowLayout.of(columns);
        try {
            RowReader reader = new RowReader(layout).wrap(ByteBuffer.wrap(payload));
            assertTrue(reader.next());
            return Rows.values(reader, columns);
        } catch (CorruptRowException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("claims"), e.toString());
            return null;
        }
    }

    @Test
    void aPayloadThatIsCutIsCorrupt() {
        Random random =
                Seed.forTest("NestedRowFormatTest.aPayloadThatIsCutIsCorrupt").random();
        RandomRows any = new RandomRows(random);
        for (int round = 0; round < 30; round++) {
            List<Column> columns = any.columns(8);
            RowLayout layout = RowLayout.of(columns);
            byte[] row = bytes(payload(columns, rows(any, columns, 1)));
            for (int length = 1; length < row.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(row, 0, length);
                assertThrows(CorruptRowException.class, () -> Rows.read(layout, cut));
                byte[] shorter = Arrays.copyOf(row, length);
                if (length >= layout.fixedBytes()) {
                    shorter[0] = (byte) length;
                    shorter[1] = (byte) (length >> 8);
                    shorter[2] = (byte) (length >> 16);
                    first(columns, shorter, (byte) 0);
                }
            }
        }
    }

    @Test
    void blocksThatCannotBeAreCorrupt() {
        // 13 bytes fixed: length, null bits, the slot. The block, "01000000 00 0500", is 7 bytes at 13.
        for (String slot : List.of(
                "0d00000006000000", // too short for its count
                "0d00000008000000", // beyond the row
                "0c00000007000000", // before the variable area
                "0e00000007000000",
                "0d00000000000000",
                "0d00000003000000", // no room for a count
                "0d000000ffffffff")) {
            assertThrows(CorruptRowException.class, () -> items(slot + "01000000" + "00" + "0500"), slot);
        }
        for (String count : List.of("00000000", "02000000", "ffffffff", "ffffff7f", "00000080", "01000001")) {
            assertThrows(CorruptRowException.class, () -> items("0d00000007000000" + count + "00" + "0500"), count);
        }
        assertEquals(List.of((short) 5), items("0d00000007000000" + "01000000" + "00" + "0500"));
    }

    private static Object items(String slotAndBlock) {
        byte[] row = HexFormat.of().parseHex("14000000" + "00" + slotAndBlock);
        return Rows.read(RowLayout.of(columns(ITEMS)), ByteBuffer.wrap(row))
                .get(0)
                .get(0);
    }

    @Test
    void theLimitMayBeReachedButNotPassed() {
        Random random = Seed.forTest("NestedRowFormatTest.theLimitMayBeReachedButNotPassed")
                .random();
        RandomRows any = new RandomRows(random);
        for (int round = 0; round < 500; round++) {
            List<Column> columns = any.columns(5);
            List<List<Object>> rows = rows(any, columns, 1 + random.nextInt(3));
            int bytes = payload(columns, rows).remaining();
            write(new RowWriter(RowLayout.of(columns), random.nextInt(100), bytes, more -> true), columns, rows);
            RowWriter narrow = new RowWriter(RowLayout.of(columns), 0, bytes - 1, more -> true);
            RefusedException refused = assertThrows(RefusedException.class, () -> write(narrow, columns, rows));
            assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
        }
    }

    @Test
    void itemsStopGrowingAtTheLimitBeforeTheyEnd() {
        List<Column> columns = columns(new ColumnType.Array(ColumnType.BOOLEAN, true));
        int[] reserved = {0};
        RowWriter writer = new RowWriter(RowLayout.of(columns), 0, 10_000, more -> {
            reserved[0] += more;
            return true;
        });
        writer.beginRow();
        writer.beginItems(0);
        RefusedException refused = assertThrows(RefusedException.class, () -> {
            for (int i = 0; i < 1_000_000; i++) {
                writer.nextItem();
            }
        });
        assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
        assertTrue(reserved[0] <= 10_000 + 64, "what is gathered, and the row");
    }

    @Test
    void noMemoryIsTakenBeyondTheReservation() {
        Random random = Seed.forTest("NestedRowFormatTest.noMemoryIsTakenBeyondTheReservation")
                .random();
        RandomRows any = new RandomRows(random);
        int refusals = 0;
        for (int round = 0; round < 500; round++) {
            List<Column> columns = any.columns(5);
            List<List<Object>> rows = rows(any, columns, 3);
            int budget = random.nextInt(2_000);
            int[] reserved = {0};
            ByteReservation upToBudget = more -> {
                assertTrue(more > 0);
                boolean granted = reserved[0] + more <= budget;
                reserved[0] += granted ? more : 0;
                return granted;
            };
            RowWriter writer = new RowWriter(RowLayout.of(columns), 0, Integer.MAX_VALUE, upToBudget);
            try {
                write(writer, columns, rows);
                assertTrue(writer.payload().remaining() <= reserved[0]);
            } catch (RefusedException e) {
                assertEquals(Refusal.Code.UNAVAILABLE, e.refusal().code());
                refusals++;
            }
        }
        assertTrue(refusals > 0 && refusals < 500, "both happen");
    }

    @Test
    void anAbandonedRowLeavesNothing() {
        Random random =
                Seed.forTest("NestedRowFormatTest.anAbandonedRowLeavesNothing").random();
        RandomRows any = new RandomRows(random);
        for (int round = 0; round < 500; round++) {
            List<Column> columns = any.columns(8);
            List<List<Object>> rows = rows(any, columns, random.nextInt(6));
            RowWriter writer = unlimited(columns);
            for (List<Object> row : rows) {
                while (random.nextInt(3) == 0) {
                    writer.beginRow();
                    beginSome(writer, columns, any.row(columns), random);
                    writer.abandonRow();
                }
                Rows.write(writer, columns, row);
            }
            writer.abandonRow();
            assertEquals(hex(payload(columns, rows)), hex(writer.payload()));
        }
    }

    /** Puts some values and stops, now and then within one. */
    private static void beginSome(RowWriter writer, List<Column> columns, List<Object> row, Random random) {
        for (int i = 0; i < columns.size(); i++) {
            ColumnType type = columns.get(i).type();
            if (random.nextInt(6) > 0) {
                Rows.put(writer, i, type, row.get(i));
            } else if (type instanceof ColumnType.Struct struct && row.get(i) instanceof List<?> fields) {
                writer.beginStruct(i);
                beginSome(writer, struct.fields(), List.copyOf(fields), random);
                return;
            } else if (type instanceof ColumnType.Array array && row.get(i) instanceof List<?> elements) {
                writer.beginItems(i);
                for (Object element : elements) {
                    writer.nextItem();
                    beginSome(writer, List.of(new Column("element", array.element(), true)), List.of(element), random);
                    return;
                }
                return;
            }
        }
    }

    @Test
    void aRowThatWasRefusedIsAbandonedWithoutTheOneBeforeIt() {
        List<Column> columns = columns(ColumnType.STRING);
        RowWriter writer = new RowWriter(RowLayout.of(columns), 0, 20, more -> true);
        Rows.write(writer, columns, List.of("1234567"));
        String before = hex(writer.payload());
        assertThrows(RefusedException.class, writer::beginRow);
        writer.abandonRow();
        assertEquals(before, hex(writer.payload()));
    }

    @Test
    void whatDoesNotNestIsRefused() {
        RowWriter writer = unlimited(COLUMNS);
        writer.beginRow();
        assertThrows(IllegalArgumentException.class, () -> writer.beginStruct(0));
        assertThrows(IllegalArgumentException.class, () -> writer.beginStruct(5));
        assertThrows(IllegalArgumentException.class, () -> writer.beginItems(4));
        assertThrows(IllegalArgumentException.class, () -> writer.putInt(0, 1));
        assertThrows(IllegalStateException.class, writer::endStruct);
        assertThrows(IllegalStateException.class, writer::endItems);
        assertThrows(IllegalStateException.class, writer::nextItem);
        writer.beginItems(5);
        assertThrows(IndexOutOfBoundsException.class, () -> writer.putShort(0, (short) 1));
        assertThrows(IllegalStateException.class, writer::endStruct);
        assertThrows(IllegalStateException.class, writer::endRow);
        writer.endItems();
        writer.beginStruct(4);
        assertThrows(IllegalStateException.class, writer::endItems);
        assertThrows(IllegalStateException.class, writer::endRow);
        writer.endStruct();
        writer.endRow();
        RowReader row = new RowReader(RowLayout.of(COLUMNS)).wrap(writer.payload());
        assertTrue(row.next());
        assertEquals(0, row.itemsAt(5).count());
        assertTrue(row.structAt(4).isNull(0));
        assertFalse(row.next());
    }

    private static List<List<Object>> rows(RandomRows any, List<Column> columns, int count) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(any.row(columns));
        }
        return rows;
    }

    private static RowWriter unlimited(List<Column> columns) {
        return new RowWriter(RowLayout.of(columns), 0, Integer.MAX_VALUE, more -> true);
    }

    private static void write(RowWriter writer, List<Column> columns, List<List<Object>> rows) {
        rows.forEach(row -> Rows.write(writer, columns, row));
    }

    private static ByteBuffer payload(List<Column> columns, List<List<Object>> rows) {
        RowWriter writer = unlimited(columns);
        write(writer, columns, rows);
        return writer.payload();
    }

    private static byte[] bytes(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    private static String hex(ByteBuffer payload) {
        return HexFormat.of().formatHex(bytes(payload));
    }
}
