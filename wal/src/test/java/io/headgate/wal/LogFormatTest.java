package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.batching.EntryTag;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Holds the bytes of a log against the picture in {@link LogFormat}, field by field. */
class LogFormatTest {
    private static final LogSettings SETTINGS = new LogSettings(16384, 1_000_000, 4096, 4096, 1, 1_000_000);
    private static final LoggedSchema SCHEMA = TestAppend.schema(7, 1);

    private List<LogRun> runs = List.of();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), 10_000_000);
    private final LogRig rig = new LogRig(new Random(1), disk, SETTINGS);

    private ByteBuffer fileWithTwoEntries() throws IOException {
        rig.open();
        rig.offer(new TestAppend(
                SCHEMA, 3, 1_700_000_000_123L, List.of(new EntryTag(200, utf8("key"))), utf8("first rows")));
        rig.offer(new TestAppend(SCHEMA, 1, 1_700_000_000_456L, List.of(), utf8("second")));
        rig.stepWriter();
        runs = rig.log().runs();
        rig.close();
        return ByteBuffer.wrap(disk.durableBytes("00000000000000000001.segment"))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void namesAreTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertEquals("00000000000000000042.segment", LogFormat.segmentName(42));
        } finally {
            Locale.setDefault(before);
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static int crc(ByteBuffer... parts) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : parts) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }

    private static String text(ByteBuffer file, int offset, int bytes) {
        return UTF_8.decode(file.slice(offset, bytes)).toString();
    }

    @Test
    void segmentHeader() throws IOException {
        ByteBuffer file = fileWithTwoEntries();
        assertEquals("HEADGATE", text(file, 0, 8));
        assertEquals(1, file.getInt(8), "version");
        assertEquals(0, file.getInt(12), "previous end");
        assertEquals(UUID.fromString(idOfLog()), new UUID(file.getLong(16), file.getLong(24)), "log id");
        assertEquals(1, file.getLong(32), "number");
        assertEquals(1, file.getLong(40), "base");
        assertEquals(0, file.getLong(48), "first position");
        assertEquals(1, file.getInt(64), "runs");
        assertEquals(0, file.getInt(68), "zeros");
        assertEquals(runs.get(0).id(), HexFormat.of().toHexDigits(file.getLong(72)), "id of the run");
        for (int at = 80; at < 508; at++) {
            assertEquals(0, file.get(at), "the run's first position, and reserved");
        }
        assertEquals(crc(file.slice(0, 508)), file.getInt(508), "checksum");
    }

    private String idOfLog() throws IOException {
        rig.open();
        String id = rig.log().id();
        rig.close();
        return id;
    }

    @Test
    void groupsAndEntries() throws IOException {
        ByteBuffer file = fileWithTwoEntries();
        int group = 512;
        int length = file.getInt(group + 4);
        assertEquals(checksum(file, group, length), file.getInt(group), "checksum");
        assertEquals(file.getLong(56), file.getLong(group + 8), "tag");
        assertEquals(0, file.getLong(group + 16), "first position");
        assertEquals(2, file.getInt(group + 24), "positions");
        assertEquals(4, file.getInt(group + 28), "entries");

        int table = group + 32;
        header(file, table, 2, 0, 0, 0, 0, 0, 0);
        assertEquals("table-7", text(file, table + 44, file.getInt(table + 40)));
        assertEquals(13, file.getInt(table + 51));
        assertEquals("main.fleet.t7", text(file, table + 55, 13));
        assertEquals("/tables/7", text(file, table + 72, file.getInt(table + 68)));
        assertEquals(72 + 9, file.getInt(table), "length");

        int schema = table + file.getInt(table);
        header(file, schema, 3, 0, 0, 0, 0, 0, 0);
        assertEquals(SCHEMA.schemaJson(), text(file, schema + 40, file.getInt(schema) - 40));

        int first = schema + file.getInt(schema);
        header(file, first, 1, 0, 0, 0, 3, 6, 1_700_000_000_123L);
        assertEquals(200, Byte.toUnsignedInt(file.get(first + 40)), "tag id");
        assertEquals(3, file.getShort(first + 41), "tag length");
        assertEquals("key", text(file, first + 43, 3));
        assertEquals("first rows", text(file, first + 46, file.getInt(first) - 46));

        int second = first + file.getInt(first);
        header(file, second, 1, 0, 0, 1, 1, 0, 1_700_000_000_456L);
        assertEquals("second", text(file, second + 40, file.getInt(second) - 40));
        assertEquals(group + length, second + file.getInt(second), "the group ends with its last entry");
    }

    private static int checksum(ByteBuffer file, int group, int length) {
        return crc(file.slice(16, 16), file.slice(32, 8), file.slice(group + 4, length - 4));
    }

    private static void header(
            ByteBuffer file,
            int at,
            int kind,
            int tableOrdinal,
            int schemaId,
            long position,
            int rowCount,
            int tagBytes,
            long receiveTimeMillis) {
        assertEquals(kind, file.get(at + 4), "kind");
        assertEquals(0, file.get(at + 5), "flags");
        assertEquals(0, file.getShort(at + 6), "zeros");
        assertEquals(tableOrdinal, file.getInt(at + 8), "table ordinal");
        assertEquals(schemaId, file.getInt(at + 12), "schema id");
        assertEquals(position, file.getLong(at + 16), "position");
        assertEquals(rowCount, file.getInt(at + 24), "row count");
        assertEquals(tagBytes, file.getInt(at + 28), "tag bytes");
        assertEquals(receiveTimeMillis, file.getLong(at + 32), "receive time");
    }

    @Test
    void anEmptyGroupClosesTheLogAtAMultipleOf512() throws IOException {
        ByteBuffer file = fileWithTwoEntries();
        int end = (512 + file.getInt(512 + 4) + 511) / 512 * 512;
        assertEquals(32, file.getInt(end + 4), "length");
        assertEquals(2, file.getLong(end + 16), "the next position");
        assertEquals(0, file.getInt(end + 24), "positions");
        assertEquals(0, file.getInt(end + 28), "entries");
        assertEquals(checksum(file, end, 32), file.getInt(end), "checksum");
    }

    @Test
    void recoveryMakesASegmentThatStandsForTheLast() throws IOException {
        fileWithTwoEntries();
        rig.open();
        ByteBuffer copy = ByteBuffer.wrap(disk.durableBytes("00000000000000000002.segment"))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(2, copy.getLong(32), "number");
        assertEquals(1, copy.getLong(40), "base");
        assertEquals(0, copy.getLong(48), "first position");
        assertEquals(0, copy.getInt(12), "previous end");
        assertEquals(2, copy.getInt(64), "runs");
        assertEquals(runs.get(0).id(), HexFormat.of().toHexDigits(copy.getLong(72)), "the first run");
        assertEquals(0, copy.getLong(80), "from the beginning");
        assertEquals(rig.log().runs().get(1).id(), HexFormat.of().toHexDigits(copy.getLong(88)), "the present run");
        assertEquals(2, copy.getLong(96), "from where the first left off");
    }

    /** What later versions of this program will write must be read, or skipped, by this one. */
    @Test
    void otherKindsArePassedOver() throws IOException {
        ByteBuffer file = fileWithTwoEntries();
        rig.die(false);
        int end = (512 + file.getInt(512 + 4) + 511) / 512 * 512 + 512;
        ByteBuffer group = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        int length = 32 + 56 + 60 + 40 + 47 + 100;
        group.putInt(0)
                .putInt(length)
                .putLong(file.getLong(56))
                .putLong(2)
                .putInt(5)
                .putInt(4);
        entry(group, 4, 2, 0, 16).putLong(2).putLong(4);
        entry(group, 5, 2, 0, 20).putLong(1).put(new byte[12]);
        entry(group, 6, 2, 5, 0);
        entry(group, 99, 7, 0, 7).put(new byte[7]);
        group.put(new byte[100]);
        group.putInt(0, crc(file.slice(16, 16), file.slice(32, 8), group.slice(4, length - 4)));
        disk.damage("00000000000000000001.segment", end, group.array());

        LogRig fresh = new LogRig(new Random(2), disk, SETTINGS);
        int[] rows = {0};
        LocalLog log = LocalLog.openStepwise(
                disk,
                SETTINGS,
                LogMetrics.none(),
                fresh.random,
                InstantSource.system(),
                () -> 0,
                entry -> rows[0]++,
                failure -> {});
        assertEquals(2, rows[0]);
        assertEquals(7, log.forcedPosition(), "absent entries keep their positions");
    }

    private static ByteBuffer entry(ByteBuffer group, int kind, long position, int rowCount, int payloadBytes) {
        group.putInt(40 + payloadBytes).put((byte) kind).put((byte) 0).putShort((short) 0);
        return group.putInt(0)
                .putInt(0)
                .putLong(position)
                .putInt(rowCount)
                .putInt(0)
                .putLong(0);
    }
}
