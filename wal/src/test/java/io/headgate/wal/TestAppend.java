package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.EntryTag;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An append of random content, which knows itself again when read back. */
final class TestAppend extends Append {
    TestAppend(LoggedSchema schema, int rowCount, long receiveTimeMillis, List<EntryTag> tags, ByteBuffer payload) {
        super(schema, rowCount, receiveTimeMillis, tags, payload);
    }

    /** One with that many bytes of payload, and sometimes tags. */
    static TestAppend random(Random random, LoggedSchema schema, int payloadBytes) {
        List<EntryTag> tags = new ArrayList<>();
        for (int id = 1; id <= 3 && random.nextInt(8) == 0; id++) {
            tags.add(new EntryTag(id * 80, ByteBuffer.wrap(bytes(random, random.nextInt(20)))));
        }
        return new TestAppend(
                schema,
                1 + random.nextInt(1000),
                random.nextLong(),
                List.copyOf(tags),
                ByteBuffer.wrap(bytes(random, payloadBytes)));
    }

    /** One with a key, received then. */
    static TestAppend keyed(Random random, LoggedSchema schema, int payloadBytes, long receiveTimeMillis) {
        return new TestAppend(
                schema,
                1,
                receiveTimeMillis,
                List.of(new EntryTag(IdempotencyKey.TAG, ByteBuffer.wrap(bytes(random, IdempotencyKey.BYTES)))),
                ByteBuffer.wrap(bytes(random, payloadBytes)));
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Some table and one of its schemas; equal for equal numbers, but never the same object. */
    static LoggedSchema schema(int table, int version) {
        LoggedTable logged = new LoggedTable(
                new TableId("table-" + table), new TableName("main", "fleet", "t" + table), "/tables/" + table);
        return new LoggedSchema(logged, "{\"version\":" + version + ",\"über\":\"" + "x".repeat(30 * version) + "\"}");
    }

    boolean isSame(LogEntry entry) {
        return schema().equals(entry.schema())
                && rowCount() == entry.rowCount()
                && receiveTimeMillis() == entry.receiveTimeMillis()
                && tags().equals(entry.tags())
                && payload().equals(entry.payload())
                && entry.sizeBytes() == LogFormat.entryBytes(this);
    }
}
