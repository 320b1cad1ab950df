package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.model.Seed;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowJsonTest {
    static String json(List<Column> columns, ByteBuffer payload) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            new RowJson(columns).write(payload, json);
        }
        return text.toString();
    }

    private static String json(ColumnType type, Object value) throws IOException {
        List<Column> columns = List.of(new Column("c", type, true));
        RowWriter writer = new RowWriter(RowLayout.of(columns), 0, 1 << 20, more -> true);
        Rows.write(writer, columns, List.of(value));
        String json = json(columns, writer.payload());
        return json.substring("[{\"c\":".length(), json.length() - "}]".length());
    }

    @Test
    void everyType() throws Exception {
        assertEquals("null", json(ColumnType.STRING, Rows.NULL));
        assertEquals("\"a\\\"\u00e9\"", json(ColumnType.STRING, "a\"\u00e9"));
        assertEquals("\"ab \"", json(new ColumnType.Char(3), "ab "));
        assertEquals("\"ab\"", json(new ColumnType.Varchar(3), "ab"));
        assertEquals("true", json(ColumnType.BOOLEAN, true));
        assertEquals("-128", json(ColumnType.BYTE, Byte.MIN_VALUE));
        assertEquals("-32768", json(ColumnType.SHORT, Short.MIN_VALUE));
        assertEquals("-2147483648", json(ColumnType.INTEGER, Integer.MIN_VALUE));
        assertEquals("-9223372036854775808", json(ColumnType.LONG, Long.MIN_VALUE));
        assertEquals("0.1", json(ColumnType.FLOAT, 0.1f));
        assertEquals("\"NaN\"", json(ColumnType.DOUBLE, Double.NaN));
        assertEquals("\"1969-12-31\"", json(ColumnType.DATE, -1));
        assertEquals("\"1969-12-31T23:59:59.999999Z\"", json(ColumnType.TIMESTAMP, -1L));
        assertEquals("\"2023-11-14T22:13:20\"", json(ColumnType.TIMESTAMP_NTZ, 1_700_000_000_000_000L));
        assertEquals("\"//4A\"", json(ColumnType.BINARY, ByteBuffer.wrap(new byte[] {-1, -2, 0})));
        assertEquals("\"\"", json(ColumnType.BINARY, ByteBuffer.allocate(0)));
        assertEquals("\"-0.0000000100\"", json(new ColumnType.Decimal(12, 10), new BigDecimal("-0.0000000100")));
        assertEquals("\"" + "9".repeat(38) + "\"", json(new ColumnType.Decimal(38, 0), new BigDecimal("9".repeat(38))));
        assertEquals("[1,null]", json(new ColumnType.Array(ColumnType.INTEGER, true), List.of(1, Rows.NULL)));
        assertEquals("[]", json(new ColumnType.Array(ColumnType.INTEGER, true), List.of()));
        ColumnType struct = new ColumnType.Struct(
                List.of(new Column("x", ColumnType.INTEGER, true), new Column("y z", ColumnType.STRING, true)));
        assertEquals("{\"x\":1,\"y z\":null}", json(struct, List.of(1, Rows.NULL)));
        assertEquals(
                "[{\"x\":null,\"y z\":\"\"},null]",
                json(new ColumnType.Array(struct, true), List.of(List.of(Rows.NULL, ""), Rows.NULL)));
    }

    @Test
    void keysAreTheTextOfValues() throws Exception {
        assertEquals("{\"a\":1,\"\":null}", map(ColumnType.STRING, "a", 1, "", Rows.NULL));
        assertEquals("{\"true\":1}", map(ColumnType.BOOLEAN, true, 1));
        assertEquals("{\"-1\":1}", map(ColumnType.BYTE, (byte) -1, 1));
        assertEquals("{\"-1\":1}", map(ColumnType.SHORT, (short) -1, 1));
        assertEquals("{\"-1\":1}", map(ColumnType.INTEGER, -1, 1));
        assertEquals("{\"-1\":1}", map(ColumnType.LONG, -1L, 1));
        assertEquals("{\"NaN\":1,\"1.5\":2}", map(ColumnType.FLOAT, Float.NaN, 1, 1.5f, 2));
        assertEquals("{\"-Infinity\":1}", map(ColumnType.DOUBLE, Double.NEGATIVE_INFINITY, 1));
        assertEquals("{\"1970-01-02\":1}", map(ColumnType.DATE, 1, 1));
        assertEquals("{\"1970-01-01T00:00:00Z\":1}", map(ColumnType.TIMESTAMP, 0L, 1));
        assertEquals("{\"1970-01-01T00:00:00\":1}", map(ColumnType.TIMESTAMP_NTZ, 0L, 1));
        assertEquals("{\"1.50\":1}", map(new ColumnType.Decimal(3, 2), new BigDecimal("1.50"), 1));
        assertEquals("{\"AA==\":1}", map(ColumnType.BINARY, ByteBuffer.allocate(1), 1));
    }

    private static String map(ColumnType key, Object... keysAndValues) throws IOException {
        List<Object> entries = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
        }
        return json(new ColumnType.Map(key, ColumnType.INTEGER, true), entries);
    }

    @Test
    void aDamagedRowIsWrittenOrCorrupt() throws Exception {
        Random random =
                Seed.forTest("RowJsonTest.aDamagedRowIsWrittenOrCorrupt").random();
        RandomRows any = new RandomRows(random);
        int corrupt = 0;
        for (int round = 0; round < 2_000; round++) {
            List<Column> columns = any.columns(8);
            RowWriter writer = new RowWriter(RowLayout.of(columns), 0, 1 << 20, more -> true);
            Rows.write(writer, columns, any.row(columns));
            ByteBuffer payload = writer.payload();
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                payload.put(random.nextInt(payload.remaining()), (byte) random.nextInt());
            }
            try {
                json(columns, payload);
            } catch (CorruptRowException expected) {
                corrupt++;
            }
        }
        assertEquals(true, corrupt > 100 && corrupt < 2_000, "both happen");
    }
}
