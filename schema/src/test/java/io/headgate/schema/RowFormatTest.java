package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowFormatTest {
    private static final List<ColumnType> TYPES =
            ColumnType.PLAIN.stream().filter(type -> type != ColumnType.BINARY).toList();
    private static final List<Column> EVERY_TYPE = new ArrayList<>();

    static {
        for (ColumnType type : TYPES) {
            EVERY_TYPE.add(new Column("c_" + type.deltaName(), type, true));
        }
    }

    private static final RowLayout LAYOUT = RowLayout.of(EVERY_TYPE);

    @Test
    void theBytesOfARowAreFixedForEver() {
        RowWriter rows = unlimited(LAYOUT);
        rows.beginRow();
        rows.putBoolean(1, true);
        rows.putByte(2, (byte) -2);
        rows.putShort(3, (short) 0x0102);
        rows.putInt(4, 0x01020304);
        rows.putLong(5, 0x0102030405060708L);
        rows.putFloat(6, 1.5f);
        rows.putDouble(7, -2.5);
        rows.putInt(8, 20_000);
        rows.putLong(9, 1_700_000_000_000_000L);
        rows.putString(0, "é€".getBytes(StandardCharsets.UTF_8));
        rows.endRow();
        rows.beginRow();
        rows.endRow();
        String first = "43000000" // 67 bytes
                + "0004" // column 10, TIMESTAMP_NTZ, is null
                + "3e00000005000000" // STRING: 5 bytes at 62
                + "01" + "fe" + "0201" + "04030201" + "0807060504030201" // BOOLEAN to LONG
                + "0000c03f" + "00000000000004c0" // FLOAT, DOUBLE
                + "204e0000" + "00401e18240a0600" // DATE, TIMESTAMP
                + "0000000000000000"
                + "c3a9e282ac";
        String second = "3e000000" + "ff07" + "00".repeat(56);
        assertEquals(first + second, hex(rows.payload()));
    }

    @Test
    void rowsReadBackAsTheyWereWritten() {
        Random random = Seed.forTest("rowsReadBackAsTheyWereWritten").random();
        for (int round = 0; round < 200; round++) {
            RowLayout layout = RowLayout.of(randomColumns(random));
            List<List<Object>> written = new ArrayList<>();
            RowWriter writer = unlimited(layout);
            for (int rows = random.nextInt(20); rows > 0; rows--) {
                written.add(writeRandomRow(writer, layout, random));
            }
            ByteBuffer payload = onward(writer.payload(), random);
            assertEquals(written, Rows.read(layout, payload));
        }
    }

    @Test
    void everyCountOfColumnsHasItsNullBits() {
        for (int n = 0; n < 70; n++) {
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                columns.add(new Column("c" + i, ColumnType.BYTE, true));
            }
            RowLayout layout = RowLayout.of(columns);
            for (int present = 0; present < n; present++) {
                RowWriter writer = unlimited(layout);
                writer.beginRow();
                writer.putByte(present, (byte) 7);
                writer.endRow();
                RowReader reader = new RowReader(layout).wrap(writer.payload());
                assertTrue(reader.next());
                for (int i = 0; i < n; i++) {
                    assertEquals(i != present, reader.isNull(i));
                    assertEquals(i == present ? 7 : 0, reader.byteAt(i));
                }
            }
            assertEquals(4 + (n + 7) / 8 + n, layout.fixedBytes());
        }
    }

    @Test
    void aDamagedPayloadIsNeverReadBeyondARow() {
        Random random = Seed.forTest("aDamagedPayloadIsNeverReadBeyondARow").random();
        for (int round = 0; round < 20_000; round++) {
            RowWriter writer = unlimited(LAYOUT);
            writeRandomRow(writer, LAYOUT, random);
            writeRandomRow(writer, LAYOUT, random);
            byte[] bytes = new byte[writer.payload().remaining()];
            writer.payload().get(bytes);
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Rows.read(LAYOUT, ByteBuffer.wrap(bytes, 0, length));
            } catch (CorruptRowException expected) {
                assertTrue(String.valueOf(expected.getMessage()).contains("claims"), expected.toString());
            }
        }
    }

    @Test
    void lengthsThatCannotBeAreCorrupt() {
        for (String damage : List.of("00000000", "3d000000", "3f000000", "ffffffff", "00000080")) {
            byte[] row = HexFormat.of().parseHex(damage + "ff07" + "00".repeat(56));
            RowReader reader = new RowReader(LAYOUT).wrap(ByteBuffer.wrap(row));
            assertThrows(CorruptRowException.class, reader::next, damage);
        }
        RowReader cut = new RowReader(LAYOUT).wrap(ByteBuffer.wrap(new byte[3]));
        assertThrows(CorruptRowException.class, cut::next);
        assertFalse(new RowReader(LAYOUT).wrap(ByteBuffer.allocate(0)).next());
    }

    @Test
    void stringsOutsideTheVariableAreaAreCorrupt() {
        // A row of one STRING column: 13 bytes fixed, "ab" at 13.
        RowLayout layout = RowLayout.of(List.of(new Column("s", ColumnType.STRING, true)));
        assertEquals("ab", stringOf(layout, "0d000000" + "02000000"));
        assertEquals("b", stringOf(layout, "0e000000" + "01000000"));
        assertEquals("", stringOf(layout, "00000000" + "00000000"));
        for (String slot : List.of(
                "0c00000002000000",
                "0d00000003000000",
                "0e00000002000000",
                "0d000000ffffffff",
                "ffffffff02000000",
                "0d000000ffffff7f",
                "ffffff7fffffff7f")) {
            assertThrows(CorruptRowException.class, () -> stringOf(layout, slot), slot);
        }
    }

    @Test
    void theLimitMayBeReachedButNotPassed() {
        RowLayout layout = RowLayout.of(List.of(new Column("s", ColumnType.STRING, true)));
        writeText(new RowWriter(layout, 0, 20, bytes -> true), "1234567");
        RefusedException refused = assertThrows(
                RefusedException.class, () -> writeText(new RowWriter(layout, 0, 20, bytes -> true), "12345678"));
        assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
    }

    @Test
    void noMemoryIsTakenBeyondTheReservation() {
        RowLayout layout = RowLayout.of(List.of(new Column("s", ColumnType.STRING, true)));
        int[] reserved = {0};
        ByteReservation upTo100 = bytes -> {
            assertTrue(bytes > 0);
            if (reserved[0] + bytes > 100) {
                return false;
            }
            reserved[0] += bytes;
            return true;
        };
        RowWriter writer = new RowWriter(layout, 16, 1000, upTo100);
        assertEquals(16, reserved[0]);
        writeText(writer, "123");
        assertEquals(16, reserved[0]);
        writeText(writer, "123");
        assertEquals(32, reserved[0]);
        RefusedException refused = assertThrows(RefusedException.class, () -> writeText(writer, "x".repeat(80)));
        assertEquals(Refusal.Code.UNAVAILABLE, refused.refusal().code());
        assertEquals(1, refused.refusal().retryAfterSeconds());
        assertEquals(64, reserved[0], "its fixed part fitted");
    }

    @Test
    void aValueOfAnotherWidthIsRefused() {
        RowWriter writer = unlimited(LAYOUT);
        writer.beginRow();
        assertThrows(IllegalArgumentException.class, () -> writer.putLong(4, 1));
    }

    private static RowWriter unlimited(RowLayout layout) {
        return new RowWriter(layout, 0, Integer.MAX_VALUE, bytes -> true);
    }

    private static void writeText(RowWriter writer, String text) {
        writer.beginRow();
        writer.putString(0, text.getBytes(StandardCharsets.UTF_8));
        writer.endRow();
    }

    private static String stringOf(RowLayout layout, String slot) {
        byte[] row = HexFormat.of().parseHex("0f000000" + "00" + slot + "6162");
        RowReader reader = new RowReader(layout).wrap(ByteBuffer.wrap(row));
        assertTrue(reader.next());
        return StandardCharsets.UTF_8.decode(reader.stringAt(0)).toString();
    }

    private static List<Column> randomColumns(Random random) {
        List<Column> columns = new ArrayList<>();
        for (int n = random.nextInt(30); n > 0; n--) {
            ColumnType type = TYPES.get(random.nextInt(TYPES.size()));
            columns.add(new Column("c" + n, type, true));
        }
        return columns;
    }

    private static List<Object> writeRandomRow(RowWriter writer, RowLayout layout, Random random) {
        List<Object> row = new ArrayList<>();
        writer.beginRow();
        for (int i = 0; i < layout.columns().size(); i++) {
            row.add(random.nextInt(4) == 0 ? Rows.NULL : writeRandomValue(writer, i, layout, random));
        }
        writer.endRow();
        return row;
    }

    private static Object writeRandomValue(RowWriter writer, int i, RowLayout layout, Random random) {
        long bits = random.nextLong();
        switch (layout.columns().get(i).type().kind()) {
            case STRING -> {
                String text = random.ints(random.nextInt(9), 1, 0x10FFFF)
                        .filter(c -> c < 0xD800 || c > 0xDFFF)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                byte[] utf8 = ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
                writer.putBytes(i, utf8, 1, utf8.length - 2);
                return text;
            }
            case BOOLEAN -> writer.putBoolean(i, bits < 0);
            case BYTE -> writer.putByte(i, (byte) bits);
            case SHORT -> writer.putShort(i, (short) bits);
            case INTEGER, DATE -> writer.putInt(i, (int) bits);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> writer.putLong(i, bits);
            case FLOAT -> writer.putFloat(i, Float.intBitsToFloat((int) bits));
            case DOUBLE -> writer.putDouble(i, Double.longBitsToDouble(bits));
            default -> throw new AssertionError();
        }
        return switch (layout.columns().get(i).type().kind()) {
            case BOOLEAN -> bits < 0;
            case BYTE -> (byte) bits;
            case SHORT -> (short) bits;
            case INTEGER, DATE -> (int) bits;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> bits;
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case DOUBLE -> Double.longBitsToDouble(bits);
            default -> throw new AssertionError();
        };
    }

    /** The same bytes, further on in a larger direct buffer. */
    private static ByteBuffer onward(ByteBuffer payload, Random random) {
        int start = random.nextInt(10);
        ByteBuffer moved = ByteBuffer.allocateDirect(start + payload.remaining() + 5);
        moved.position(start).put(payload).flip().position(start);
        return moved;
    }

    private static String hex(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
