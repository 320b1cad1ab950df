package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.EntryTag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The log's files, format version 1.
 *
 * <h2>Constraints</h2>
 *
 * <ul>
 *   <li>All numbers are little-endian. Positions number {@code rows} entries, are never reused once anyone could have
 *       seen them, and never restart. Every other entry carries the position of the next {@code rows} entry.
 *   <li>A segment is a file of one fixed length whose bytes were all written and forced before its first use, so that
 *       appending allocates nothing. What follows the last group is arbitrary: zeros, or bytes of an earlier use.
 *   <li>A group is what was written and forced at once. It never crosses segments. It starts at a multiple of 512, so
 *       that no sector holding forced bytes is ever written again.
 *   <li>A group is written only after the one before it was forced. So at most the last group of the last segment can be
 *       torn, and a valid group behind a bad one proves damage.
 *   <li>A group counts as valid only where the log id, the segment's number and its tag agree. The tag is random and new
 *       for each use of a file: neither bytes of an earlier use nor bytes that a client chose can pass for a group.
 *   <li>A segment is self-contained: tables and schemas are declared in it before the first entry that needs them.
 *   <li>An entry, header and tags included, takes at most a quarter of a segment.
 * </ul>
 *
 * <h2>Files</h2>
 *
 * <pre>
 * 00000000000000000042.segment     segment number 42
 * 00000000000000000007.spare       prepared and forced, not yet in use; contents arbitrary
 * 00000000000000000008.preparing   being prepared; deleted when found
 * lock                             held by the process that owns the log; its contents are that process's id
 *
 * segment file:   header | group | pad to 512 | group | pad to 512 | ... | arbitrary bytes
 * </pre>
 *
 * <h2>Segment header, 512 bytes</h2>
 *
 * <pre>
 *   0  magic            8  "HEADGATE"
 *   8  version          4  1
 *  12  previous end     4  where the groups of segment (base - 1) end; 0 if there was none
 *  16  log id          16  UUID, high half first
 *  32  number           8  as in the file's name
 *  40  base             8  this segment stands for all segments numbered base to number; those below number are void.
 *                          Equal to number, but for the copy that recovery makes of the last segment
 *  48  first position   8  of the first rows entry that this segment has or will have
 *  56  tag              8  random
 *  64  runs             4  how many there are below, 1 to 16
 *  68  zeros            4
 *  72  runs           256  those that the log went through, oldest first, the one that wrote this segment last: each its
 *                          id (8), random, and the log's end when it began (8); then zeros
 * 328  zeros          180
 * 508  checksum         4  CRC32C of bytes 0 to 508
 * </pre>
 *
 * <p>Each segment's base is one above the number of the segment before it, its first position is the one that the
 * segment before it ended at, and its previous end is the offset of that: only the last segment's end is not known from
 * outside. It ends at the first group that is not valid.
 *
 * <h2>Group header, 32 bytes, then entries</h2>
 *
 * <pre>
 *   0  checksum         4  CRC32C of the log id (16), the segment's number (8) and bytes 4 to length of the group
 *   4  length           4  bytes of the group, this header included
 *   8  tag              8  the segment's
 *  16  first position   8  of the first rows entry in it or, if it has none, the next there will be
 *  24  positions        4  how many positions it takes: one for each rows entry, more for an absent one
 *  28  entries          4  entries that follow; whatever is behind them up to length is padding
 * </pre>
 *
 * <p>A group without entries closes a segment that was left in good order: it proves that the group before it was whole.
 *
 * <h2>Entry header, 40 bytes, then tags, then payload</h2>
 *
 * <pre>
 *   0  length           4  bytes of the entry, this header included
 *   4  kind             1
 *   5  flags            1  0
 *   6  zeros            2
 *   8  table ordinal    4  declared by a table entry earlier in this segment
 *  12  schema id        4  declared by a schema entry earlier in this segment; 0 if the kind has none
 *  16  position         8
 *  24  row count        4
 *  28  tag bytes        4
 *  32  receive time     8  milliseconds since 1970; 0 if the kind has none
 *  40  tags                each: id (1), length (2), value; readers skip the ids that they do not know
 *      payload             the rest
 *
 * kind           payload
 * 1 rows         the encoded rows; row count of them
 * 2 table        declares the table ordinal: id, dotted name, location, each as length (4) and UTF-8
 * 3 schema       declares the schema id, for the table ordinal: the Delta schema JSON in UTF-8
 * 4 committed    the table has all its rows below a position: that position (8), rows committed so far (8)
 * 5 abandoned    an operator gave up the table's rows below a position: that position (8), then UTF-8 saying where to
 * 6 absent       row count positions have no entry in this file: damaged ones that were exported and given up, or, in
 *                a file that keeps one table's entries only, other tables'
 * </pre>
 *
 * <p>Readers skip kinds that they do not know; what must not be skipped raises the version.
 */
final class LogFormat {
    static final int VERSION = 1;
    static final long MAGIC = 0x4554_4147_4441_4548L; // "HEADGATE", read as a little-endian number
    static final long PARKED_MAGIC = 0x4445_4B52_4150_4748L; // "HGPARKED"
    static final int UNIT_BYTES = 512;
    static final int SEGMENT_HEADER_BYTES = 512;
    static final int GROUP_HEADER_BYTES = 32;
    static final int ENTRY_HEADER_BYTES = 40;
    static final int TAG_HEADER_BYTES = 3;
    static final int COMMITTED_BYTES = 16;

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
