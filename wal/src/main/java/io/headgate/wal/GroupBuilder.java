package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.EntryTag;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Encodes appends, or notes, as the next group of a segment, declaring what it lacks. Reused; not thread-safe. */
final class GroupBuilder {
    private final int groupBytesMax;
    private ByteBuffer buffer;
    private int entries;
    private int positions;
    private long bytesAlone;

    /** @param groupBytesMax most bytes of a group, unless its first entry alone exceeds it */
    GroupBuilder(int groupBytesMax) {
        this.groupBytesMax = groupBytesMax;
        this.buffer = direct(groupBytesMax);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(LogFormat.alignUp(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Starts over. */
    void begin() {
        buffer.clear().position(LogFormat.GROUP_HEADER_BYTES);
        entries = 0;
        positions = 0;
        bytesAlone = 0;
    }

    /** What an entry of {@code bytes}, its declarations included, takes in a segment at the most: a group of its own. */
    static int bytesAlone(int bytes) {
        return LogFormat.alignUp(LogFormat.GROUP_HEADER_BYTES + bytes);
    }

    /** Adds an append, and declares what it needs; false if the group is full. The first one is always taken. */
    boolean add(Append append, long position, Declarations declarations) {
        if (!makeRoom(append.schema(), LogFormat.entryBytes(append), position, declarations)) {
            return false;
        }
        putRows(
                append.schema(),
                position,
                append.rowCount(),
                append.receiveTimeMillis(),
                append.tags(),
                append.payload(),
                declarations);
        return true;
    }

    /** Adds an entry again, behind {@code absent} positions that are not in this file; false if the group is full. */
    boolean add(LogEntry entry, int absent, Declarations declarations) {
        int bytes = entry.sizeBytes() + (absent > 0 ? LogFormat.ENTRY_HEADER_BYTES : 0);
        if (!makeRoom(entry.schema(), bytes, entry.position() - absent, declarations)) {
            return false;
        }
        if (absent > 0) {
            putAbsent(absent, entry.position() - absent);
        }
        putRows(
                entry.schema(),
                entry.position(),
                entry.rowCount(),
                entry.receiveTimeMillis(),
                entry.tags(),
                entry.payload(),
                declarations);
        return true;
    }

    /** Adds positions that are not in this file; false if the group is full. */
    boolean addAbsent(int count, long position) {
        if (buffer.position() + LogFormat.ENTRY_HEADER_BYTES > groupBytesMax) {
            return false;
        }
        putAbsent(count, position);
        return true;
    }

    private void putAbsent(int count, long position) {
        putHeader(LogFormat.ABSENT, 0, 0, 0, position, count, 0, 0);
        positions += count;
    }

    /** Makes room for an entry and declares what it needs. */
    private boolean makeRoom(LoggedSchema schema, int entryBytes, long position, Declarations declarations) {
        int declaration = declarations.bytesToDeclare(schema);
        int bytes = declaration + entryBytes;
        if (buffer.position() + bytes > groupBytesMax && entries > 0) {
            return false;
        }
        ensureRemaining(bytes);
        if (declaration > 0) {
            declare(schema, position, declarations);
        }
        bytesAlone += bytesAlone(bytes);
        return true;
    }

    /** Adds a note, and declares its table; false if the group is full. The first one is always taken. */
    boolean add(Note note, long position, Declarations declarations) {
        int bytes = note.bytes();
        if (buffer.position() + bytes > groupBytesMax && entries > 0) {
            return false;
        }
        ensureRemaining(bytes);
        int ordinal = declare(note.table(), position, declarations);
        if (note.isCommitted()) {
            putHeader(LogFormat.COMMITTED, LogFormat.COMMITTED_BYTES, ordinal, 0, position);
            buffer.putLong(note.committedTo()).putLong(note.rows());
        }
        if (note.isAbandoned()) {
            byte[] where = note.whereBytes();
            putHeader(LogFormat.ABANDONED, Long.BYTES + where.length, ordinal, 0, position);
            buffer.putLong(note.abandonedTo()).put(where);
        }
        bytesAlone += bytesAlone(bytes);
        return true;
    }

    private void ensureRemaining(int bytes) {
        if (bytes > buffer.capacity() - buffer.position()) {
            ByteBuffer larger = direct(buffer.position() + bytes);
            buffer = larger.put(buffer.flip());
        }
    }

    private void declare(LoggedSchema schema, long position, Declarations declarations) {
        int ordinal = declare(schema.table(), position, declarations);
        byte[] json = Declarations.schemaPayload(schema);
        int id = declarations.add(schema);
        putHeader(LogFormat.SCHEMA, json.length, ordinal, id, position);
        buffer.put(json);
    }

    private int declare(LoggedTable table, long position, Declarations declarations) {
        if (!declarations.hasTable(table)) {
            putTable(Declarations.tablePayload(table), declarations.add(table), position);
        }
        return declarations.ordinalOf(table);
    }

    private void putTable(List<byte[]> parts, int ordinal, long position) {
        int payloadBytes =
                parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
        putHeader(LogFormat.TABLE, payloadBytes, ordinal, 0, position);
        for (byte[] part : parts) {
            buffer.putInt(part.length).put(part);
        }
    }

    private void putHeader(byte kind, int payloadBytes, int ordinal, int schemaId, long position) {
        putHeader(kind, payloadBytes, ordinal, schemaId, position, 0, 0, 0);
    }

    private void putHeader(
            byte kind,
            int payloadBytes,
            int ordinal,
            int schemaId,
            long position,
            int rowCount,
            int tagBytes,
            long receiveTimeMillis) {
        buffer.putInt(LogFormat.ENTRY_HEADER_BYTES + tagBytes + payloadBytes);
        buffer.put(kind).put((byte) 0).putShort((short) 0);
        buffer.putInt(ordinal).putInt(schemaId).putLong(position);
        buffer.putInt(rowCount).putInt(tagBytes).putLong(receiveTimeMillis);
        entries++;
    }

    private void putRows(
            LoggedSchema schema,
            long position,
            int rowCount,
            long receiveTimeMillis,
            List<EntryTag> tags,
            ByteBuffer payload,
            Declarations declarations) {
        int schemaId = declarations.idOf(schema);
        int ordinal = declarations.ordinalOf(schemaId);
        putHeader(
                LogFormat.ROWS,
                payload.remaining(),
                ordinal,
                schemaId,
                position,
                rowCount,
                LogFormat.tagBytes(tags),
                receiveTimeMillis);
        for (int i = 0; i < tags.size(); i++) {
            putTag(tags.get(i));
        }
        put(payload);
        positions++;
    }

    private void putTag(EntryTag tag) {
        buffer.put((byte) tag.id()).putShort((short) tag.value().remaining());
        put(tag.value());
    }

    // Leaves the source's position alone, and allocates nothing.
    private void put(ByteBuffer source) {
        int start = buffer.position();
        buffer.put(start, source, source.position(), source.remaining()).position(start + source.remaining());
    }

    /** What is in this group would have taken so much at the most, each append or note in a group of its own. */
    long bytesAlone() {
        return bytesAlone;
    }

    /** The finished group, padded with zeros to where the next one starts; valid until {@link #begin}. */
    ByteBuffer finish(long tag, GroupChecksum checksum, long firstPosition) {
        int length = buffer.position();
        buffer.putInt(4, length).putLong(8, tag).putLong(16, firstPosition);
        buffer.putInt(24, positions).putInt(28, entries);
        buffer.putInt(0, checksum.of(buffer, 0, length));
        while (buffer.position() < LogFormat.alignUp(length)) {
            buffer.put((byte) 0);
        }
        return buffer.flip();
    }
}
