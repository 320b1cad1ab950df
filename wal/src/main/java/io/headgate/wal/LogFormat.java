package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.EntryTag;
import io.headgate.batching.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Names, sizes and codes of the log's format, version 1, which {@code docs/LOG-FORMAT.md} describes. */
final class LogFormat {
    static final int VERSION = 1;
    static final long MAGIC = 0x4554_4147_4441_4548L; // "HEADGATE", read as a little-endian number
    static final long PARKED_MAGIC = 0x4445_4B52_4150_4748L; // "HGPARKED"
    static final long KEYS_MAGIC = 0x4741_5459_454B_4748L; // "HGKEYTAG"
    static final int UNIT_BYTES = 512;
    static final int SEGMENT_HEADER_BYTES = 512;
    static final int GROUP_HEADER_BYTES = 32;
    static final int ENTRY_HEADER_BYTES = 40;
    static final int TAG_HEADER_BYTES = 3;
    static final int COMMITTED_BYTES = 16;
    static final int KEY_BYTES = 2 * Long.BYTES + IdempotencyKey.BYTES;
    static final int KEY_BLOCK_BYTES = 4096;
    static final int KEY_BLOCK_HEADER_BYTES = 16;

    static final byte ROWS = 1;
    static final byte TABLE = 2;
    static final byte SCHEMA = 3;
    static final byte COMMITTED = 4;
    static final byte ABANDONED = 5;
    static final byte ABSENT = 6;

    private static final String SEGMENT = ".segment";
    private static final String SPARE = ".spare";
    private static final String PARKED = ".parked";
    private static final String PARKING = ".parking";
    private static final String KEYS = ".keys";
    private static final String KEYING = ".keying";
    private static final String PREPARING = ".preparing";

    private LogFormat() {}

    /** The next place where a group may start. */
    static int alignUp(int bytes) {
        return (bytes + UNIT_BYTES - 1) & -UNIT_BYTES;
    }

    /** Bytes that an append takes as an entry. */
    static int entryBytes(Append append) {
        return Math.addExact(
                ENTRY_HEADER_BYTES + tagBytes(append.tags()), append.payload().remaining());
    }

    static int tagBytes(List<EntryTag> tags) {
        int bytes = 0;
        for (int i = 0; i < tags.size(); i++) {
            bytes += TAG_HEADER_BYTES + tags.get(i).value().remaining();
        }
        return bytes;
    }

    /** Whether a tag is the digest of a request's key. */
    static boolean isKey(EntryTag tag) {
        return tag.id() == IdempotencyKey.TAG && tag.value().remaining() == IdempotencyKey.BYTES;
    }

    /** What a segment's group checksums begin with. */
    static byte[] salt(UUID logId, long number) {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(logId.getMostSignificantBits())
                .putLong(logId.getLeastSignificantBits())
                .putLong(number)
                .array();
    }

    static String segmentName(long number) {
        return numbered(number, SEGMENT);
    }

    static String spareName(long number) {
        return numbered(number, SPARE);
    }

    static String preparingName(long number) {
        return numbered(number, PREPARING);
    }

    static String parkedName(long number) {
        return numbered(number, PARKED);
    }

    static String parkingName(long number) {
        return numbered(number, PARKING);
    }

    static String keysName(long number) {
        return numbered(number, KEYS);
    }

    static String keyingName(long number) {
        return numbered(number, KEYING);
    }

    private static String numbered(long number, String suffix) {
        return String.format(Locale.ROOT, "%020d%s", number, suffix);
    }

    static boolean isSegment(String name) {
        return isNumbered(name, SEGMENT);
    }

    static boolean isSpare(String name) {
        return isNumbered(name, SPARE);
    }

    static boolean isPreparing(String name) {
        return isNumbered(name, PREPARING);
    }

    static boolean isParked(String name) {
        return isNumbered(name, PARKED);
    }

    static boolean isParking(String name) {
        return isNumbered(name, PARKING);
    }

    static boolean isKeys(String name) {
        return isNumbered(name, KEYS);
    }

    static boolean isKeying(String name) {
        return isNumbered(name, KEYING);
    }

    private static boolean isNumbered(String name, String suffix) {
        return name.length() == 20 + suffix.length()
                && name.endsWith(suffix)
                && name.chars().limit(20).allMatch(c -> c >= '0' && c <= '9');
    }

    /** The number in one of the names above. */
    static long numberIn(String name) {
        return Long.parseLong(name, 0, 20, 10);
    }
}
