package io.headgate.gateway;

import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.RowDecoder;
import io.headgate.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decodes made-up records before the first real one, so that no device pays for a cold JVM. */
final class WarmUp {
    private static final int ROUNDS = 2_000;
    private static final byte[] BODY = """
            [{"id":"warm-up","at":"2026-01-01T00:00:00Z","value":21.5,"count":-7,"ok":true}]""".getBytes(StandardCharsets.UTF_8);

    private WarmUp() {}

    static void run() {
        TableSchema schema = new TableSchema(
                new TableName("warm", "up", "rows"),
                new TableId("warm-up"),
                "",
                List.of(
                        new Column("id", ColumnType.STRING, false),
                        new Column("at", ColumnType.TIMESTAMP, true),
                        new Column("value", ColumnType.DOUBLE, true),
                        new Column("count", ColumnType.INTEGER, true),
                        new Column("ok", ColumnType.BOOLEAN, true)),
                "");
        RowDecoder decoder = new RowDecoder(schema, DecodeLimits.of(BODY.length, 1 << 16));
        for (int i = 0; i < ROUNDS; i++) {
            decoder.decode(BODY, 0, BODY.length, bytes -> true);
        }
    }
}
