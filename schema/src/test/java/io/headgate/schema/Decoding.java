package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decoders for tests, without limits that matter. */
final class Decoding {
    static final DecodeLimits LIMITS = DecodeLimits.of(1 << 20, 1 << 24);

    private Decoding() {}

    static TableSchema schema(List<Column> columns) {
        return new TableSchema(
                new TableName("main", "fleet", "t"), new TableId("id"), "/t", columns, SchemaJson.write(columns));
    }

    static RowDecoder decoder(List<Column> columns) {
        return new RowDecoder(schema(columns), LIMITS);
    }

    static List<List<Object>> rows(List<Column> columns, String json) {
        return rows(decoder(columns), columns, json.getBytes(StandardCharsets.UTF_8));
    }

    static List<List<Object>> rows(RowDecoder decoder, List<Column> columns, byte[] json) {
        DecodedRows decoded = decoder.decode(json, 0, json.length, bytes -> true);
        List<List<Object>> rows = Rows.read(RowLayout.of(columns), decoded.payload());
        assertEquals(rows.size(), decoded.rowCount());
        return rows;
    }
}
