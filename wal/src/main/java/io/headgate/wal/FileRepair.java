package io.headgate.wal;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one file's groups, and makes a file without the bad ones: each good group at its place, and in place of
 * bad ones a group of the same length that says which positions are absent. Where a declaration is lost, what follows is
 * numbered anew, and rows of an undeclared schema are absent too.
 */
final class FileRepair {
    private static final int FILLER_BYTES = 64 * 1024;
    private static final String NO_GROUP = "no valid group is here, but positions behind it are known";
    private static final String NO_SCHEMA = "the schema of rows in this group was declared in a damaged one";

    private final DiskFile source;
    private final GroupFile header;
    private final RepairExports exports;
    private final @Nullable DiskFile draft;
    private final int end;
    private final OptionalLong endPosition;
    private final GroupChecksum checksum;
    private final Declarations declarations = new Declarations();
    private final Map<Integer, LoggedTable> tables = new HashMap<>();
    private final Map<Integer, LoggedSchema> schemas = new HashMap<>();
    private GroupReader group;
    private int at = LogFormat.SEGMENT_HEADER_BYTES;
    private long position;
    private boolean damaged;

    /**
     * @param header what the groups are checked against
     * @param firstPosition the first that the file has
     * @param end where the groups have to end; the file's end if that is not known
     * @param endPosition the position that comes next then, if that is known
     * @param draft takes what is good; null to find out only whether all is
     */
    FileRepair(
            DiskFile source,
            GroupFile header,
            long firstPosition,
            long end,
            OptionalLong endPosition,
            RepairExports exports,
            @Nullable DiskFile draft)
            throws IOException {
        this.source = source;
        this.header = header;
        this.exports = exports;
        this.draft = draft;
        this.end = (int) end;
        this.endPosition = endPosition;
        this.checksum = new GroupChecksum(header);
        this.group = new GroupReader(source, header);
        this.position = firstPosition;
    }

    /** Goes through all groups; whether any was bad. */
    boolean run() throws IOException {
        boolean more = true;
        while (more && at < end) {
            if (isGood(group, at) && group.firstPosition() == position) {
                take();
            } else {
                more = giveUp();
            }
        }
        if (endPosition.isPresent() && position != endPosition.getAsLong()) {
            throw new IOException("File " + header.fileName() + " cannot be repaired: its groups reach to position "
                    + position + " where the next file begins with " + endPosition.getAsLong()
                    + ". Nothing was changed in it. Keep a copy of the log's directory, and ask for help with it.");
        }
        return damaged;
    }

    /** Writes a file without entries. */
    void standInForAll() throws IOException {
        if (draft != null) {
            standIn(draft, at, end, position, endPosition.orElse(position));
        }
    }

    /** Whether anything in it says whose it is. */
    boolean hasTables() {
        return !tables.isEmpty();
    }

    /** Where the groups end. */
    int end() {
        return at;
    }

    /** The position behind the last group. */
    long position() {
        return position;
    }

    private boolean isGood(GroupReader reader, int offset) throws IOException {
        if (!reader.read(offset)
                || reader.nextOffset() > end
                || (endPosition.isPresent() && reader.nextPosition() > endPosition.getAsLong())) {
            return false;
        }
        try {
            EntryCursor entry = reader.entries();
            boolean more = true;
            while (more) {
                more = entry.next();
            }
            return true;
        } catch (CorruptLogException e) {
            return false;
        }
    }

    private OptionalInt later() throws IOException {
        GroupReader reader = new GroupReader(source, header);
        for (int offset = at + LogFormat.UNIT_BYTES; offset < end; offset += LogFormat.UNIT_BYTES) {
            if (isGood(reader, offset) && reader.firstPosition() >= position) {
                return OptionalInt.of(offset);
            }
        }
        return OptionalInt.empty();
    }

    /** Gives up what is here; false if this is the end. */
    private boolean giveUp() throws IOException {
        OptionalInt later = later();
        if (later.isPresent()) {
            GroupReader reader = new GroupReader(source, header);
            reader.read(later.getAsInt());
            giveUp(later.getAsInt(), reader.firstPosition());
            return true;
        }
        if (endPosition.isPresent()) {
            giveUp(end, endPosition.getAsLong());
            return true;
        }
        // A group of an earlier place proves that what was written here is lost.
        GroupReader stray = new GroupReader(source, header);
        for (int offset = at; offset < end; offset += LogFormat.UNIT_BYTES) {
            if (stray.read(offset)) {
                giveUp(Math.min(end, stray.nextOffset()), position);
                return true;
            }
        }
        return false;
    }

    private void giveUp(int to, long toPosition) throws IOException {
        damaged = true;
        if (draft != null) {
            exports.export(
                    source,
                    new RepairedRange(header.fileName(), at, to - at, position, toPosition, NO_GROUP, ""),
                    DamagedEntries.in(source, at, to, tables));
            standIn(draft, at, to, position, toPosition);
        }
        at = to;
        position = toPosition;
    }

    /** Writes groups that fill a range and take its positions. */
    private void standIn(DiskFile to, int start, int stop, long from, long next) throws IOException {
        long left = next - from;
        int offset = start;
        while (offset < stop) {
            int length = Math.min(FILLER_BYTES, stop - offset);
            int count = (int) Math.min(Integer.MAX_VALUE, left);
            ByteBuffer bytes = begin(length);
            putAbsent(bytes, next - left, count);
            left -= count;
            finish(bytes, to, offset, next - left - count, count, 1);
            offset += length;
        }
        if (left > 0) {
            throw new IOException("File " + header.fileName() + " cannot be repaired: " + (next - from)
                    + " positions are lost in a range of " + (stop - start) + " bytes");
        }
    }

    private static ByteBuffer begin(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).position(LogFormat.GROUP_HEADER_BYTES);
    }

    private static void putAbsent(ByteBuffer bytes, long from, int count) {
        bytes.putInt(LogFormat.ENTRY_HEADER_BYTES)
                .put(LogFormat.ABSENT)
                .put((byte) 0)
                .putShort((short) 0);
        bytes.putInt(0).putInt(0).putLong(from).putInt(count).putInt(0).putLong(0);
    }

    private void finish(ByteBuffer bytes, DiskFile to, int offset, long from, int positions, int entries)
            throws IOException {
        int length = bytes.capacity();
        bytes.putInt(4, length).putLong(8, header.tag()).putLong(16, from);
        bytes.putInt(24, positions).putInt(28, entries);
        bytes.clear().putInt(0, checksum.of(bytes, 0, length));
        to.write(bytes.rewind(), offset);
    }

    /** Takes a good group over, as far as what it needs is declared. */
    private void take() throws IOException {
        int length = group.nextOffset() - at;
        ByteBuffer bytes = begin(length);
        int entries = 0;
        List<String> lost = new ArrayList<>();
        EntryCursor entry = group.entries();
        while (entry.next()) {
            ByteBuffer kept = kept(entry);
            if (kept != null) {
                bytes.put(kept);
                entries++;
            } else if (entry.kind() == LogFormat.ROWS) {
                putAbsent(bytes, entry.position(), 1);
                entries++;
                lost.add("rows of position " + entry.position() + ", " + entry.rowCount() + " of them, at offset "
                        + entry.offset());
            }
        }
        damaged |= !lost.isEmpty();
        if (draft != null) {
            int positions = (int) (group.nextPosition() - position);
            finish(bytes, draft, at, position, positions, entries);
            if (!lost.isEmpty()) {
                exports.export(
                        source,
                        new RepairedRange(header.fileName(), at, length, position, group.nextPosition(), NO_SCHEMA, ""),
                        lost);
            }
        }
        position = group.nextPosition();
        at = group.nextOffset();
    }

    /** An entry under the numbers that its table and schema have now; null if those are lost. */
    private @Nullable ByteBuffer kept(EntryCursor entry) throws CorruptLogException {
        return switch (entry.kind()) {
            case LogFormat.TABLE -> table(entry);
            case LogFormat.SCHEMA -> schema(entry);
            case LogFormat.ROWS -> rows(entry);
            case LogFormat.COMMITTED, LogFormat.ABANDONED -> note(entry);
            default -> entry.bytes();
        };
    }

    private @Nullable ByteBuffer rows(EntryCursor entry) {
        LoggedSchema schema = schemas.get(entry.schemaId());
        if (schema == null) {
            return null;
        }
        return numbered(entry, schema.table(), declarations.idOf(schema));
    }

    private @Nullable ByteBuffer note(EntryCursor entry) {
        LoggedTable table = tables.get(entry.tableOrdinal());
        if (table == null) {
            return null;
        }
        return numbered(entry, table, 0);
    }

    private ByteBuffer table(EntryCursor entry) throws CorruptLogException {
        LoggedTable table = entry.table();
        tables.put(entry.tableOrdinal(), table);
        declarations.add(table);
        return numbered(entry, table, 0);
    }

    private @Nullable ByteBuffer schema(EntryCursor entry) {
        LoggedTable table = tables.get(entry.tableOrdinal());
        if (table == null) {
            return null;
        }
        LoggedSchema schema = new LoggedSchema(table, entry.schemaJson());
        schemas.put(entry.schemaId(), schema);
        return numbered(entry, table, declarations.add(schema));
    }

    private ByteBuffer numbered(EntryCursor entry, LoggedTable table, int schemaId) {
        return entry.bytes().putInt(8, declarations.ordinalOf(table)).putInt(12, schemaId);
    }
}
