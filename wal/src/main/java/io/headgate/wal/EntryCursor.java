package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headgate.batching.EntryTag;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.model.RefusedException;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the entries of a group whose checksum was right. Whatever is wrong all the same was written by a defect,
 * and is reported as damage.
 */
final class EntryCursor {
    private final GroupReader group;
    private final ByteBuffer bytes;
    private final int groupStart;
    private final int groupEnd;
    private int left;
    private int start;
    private int end;
    private long nextPosition;

    EntryCursor(GroupReader group, ByteBuffer bytes, int groupStart, int groupBytes, int entries) {
        this.group = group;
        this.bytes = bytes;
        this.groupStart = groupStart;
        this.groupEnd = groupStart + groupBytes;
        this.left = entries;
        this.end = groupStart + LogFormat.GROUP_HEADER_BYTES;
        this.nextPosition = group.firstPosition();
    }

    /** Moves to the next entry; false if there is none. */
    boolean next() throws CorruptLogException {
        if (left == 0) {
            check(nextPosition == group.nextPosition(), "the group's entries do not take the positions that it names");
            return false;
        }
        left--;
        start = end;
        check(groupEnd - start >= LogFormat.ENTRY_HEADER_BYTES, "an entry reaches beyond its group");
        check(length() <= groupEnd - start, "an entry reaches beyond its group");
        check(tagBytes() >= 0 && payloadBytes() >= 0, "an entry is shorter than its header and tags");
        check(position() == nextPosition, "an entry has another position than its place");
        end = start + length();
        nextPosition += positions();
        return true;
    }

    private int positions() throws CorruptLogException {
        if (kind() == LogFormat.ROWS) {
            return 1;
        }
        check(kind() != LogFormat.ABSENT || rowCount() >= 0, "an entry stands for fewer than no positions");
        return kind() == LogFormat.ABSENT ? rowCount() : 0;
    }

    long position() {
        return bytes.getLong(start + 16);
    }

    byte kind() {
        return bytes.get(start + 4);
    }

    int tableOrdinal() {
        return bytes.getInt(start + 8);
    }

    int schemaId() {
        return bytes.getInt(start + 12);
    }

    /** Bytes of the current entry, header and tags included. */
    int length() {
        return bytes.getInt(start);
    }

    /** A copy of the current entry, header and tags included. */
    ByteBuffer bytes() {
        ByteBuffer copy = ByteBuffer.allocate(length()).order(bytes.order());
        return copy.put(bytes.slice(start, length())).flip();
    }

    /** Where in the file the current entry begins. */
    int offset() {
        return group.offset() + start - groupStart;
    }

    int rowCount() {
        return bytes.getInt(start + 24);
    }

    private int tagBytes() {
        return bytes.getInt(start + 28);
    }

    long receiveTimeMillis() {
        return bytes.getLong(start + 32);
    }

    /** The value of the current entry's key tag; null if it has none. */
    @Nullable
    ByteBuffer key() throws CorruptLogException {
        for (EntryTag tag : tags()) {
            if (LogFormat.isKey(tag)) {
                return tag.value();
            }
        }
        return null;
    }

    private long payloadBytes() {
        return (long) length() - LogFormat.ENTRY_HEADER_BYTES - tagBytes();
    }

    /** The schema of the current entry, of kind rows, among those that its segment declares. */
    LoggedSchema schema(List<LoggedSchema> declared) throws CorruptLogException {
        check(
                schemaId() >= 0 && schemaId() < declared.size(),
                "an entry has a schema that its segment does not declare");
        return declared.get(schemaId());
    }

    /** The current entry, of kind rows, as its reader gets it. */
    LogEntry rows(LoggedSchema schema) throws CorruptLogException {
        return new LogEntry(
                position(),
                schema,
                rowCount(),
                receiveTimeMillis(),
                tags(),
                length(),
                bytes.slice(payloadStart(), end - payloadStart()));
    }

    private List<EntryTag> tags() throws CorruptLogException {
        if (tagBytes() == 0) {
            return List.of();
        }
        List<EntryTag> tags = new ArrayList<>();
        int at = start + LogFormat.ENTRY_HEADER_BYTES;
        while (at < payloadStart()) {
            check(payloadStart() - at >= LogFormat.TAG_HEADER_BYTES, "a tag reaches into its entry's payload");
            int id = Byte.toUnsignedInt(bytes.get(at));
            int valueBytes = Short.toUnsignedInt(bytes.getShort(at + 1));
            at += LogFormat.TAG_HEADER_BYTES;
            check(id != 0 && payloadStart() - at >= valueBytes, "a tag reaches into its entry's payload");
            byte[] value = new byte[valueBytes];
            bytes.get(at, value);
            tags.add(new EntryTag(id, ByteBuffer.wrap(value)));
            at += valueBytes;
        }
        return tags;
    }

    private int payloadStart() {
        return start + LogFormat.ENTRY_HEADER_BYTES + tagBytes();
    }

    /** The table that the current entry, of kind table, declares. */
    LoggedTable table() throws CorruptLogException {
        ByteBuffer payload = bytes.slice(payloadStart(), end - payloadStart()).order(bytes.order());
        try {
            TableId id = new TableId(string(payload));
            return new LoggedTable(id, TableName.parse(string(payload)), string(payload));
        } catch (IllegalArgumentException | RefusedException e) {
            throw corrupt("a declared table cannot be read: " + e.getMessage());
        }
    }

    private String string(ByteBuffer payload) throws CorruptLogException {
        check(payload.remaining() >= Integer.BYTES, "a declared table is cut short");
        int length = payload.getInt();
        check(length >= 0 && length <= payload.remaining(), "a declared table is cut short");
        byte[] value = new byte[length];
        payload.get(value);
        return new String(value, UTF_8);
    }

    /** The schema that the current entry, of kind schema, declares. */
    String schemaJson() {
        return text(payloadStart());
    }

    private String text(int from) {
        byte[] utf8 = new byte[end - from];
        bytes.get(from, utf8);
        return new String(utf8, UTF_8);
    }

    /** The table of the current entry, of kind schema, committed or abandoned, among those that its segment declares. */
    LoggedTable table(List<LoggedTable> declared) throws CorruptLogException {
        check(
                tableOrdinal() >= 0 && tableOrdinal() < declared.size(),
                "an entry is of a table that its segment does not declare");
        return declared.get(tableOrdinal());
    }

    /** What the current entry, of kind committed or abandoned, says of its table. */
    Note note(LoggedTable of) throws CorruptLogException {
        boolean committed = kind() == LogFormat.COMMITTED;
        check(payloadBytes() >= (committed ? LogFormat.COMMITTED_BYTES : Long.BYTES), "a note is cut short");
        long below = bytes.getLong(payloadStart());
        if (committed) {
            return Note.committed(of, below, bytes.getLong(payloadStart() + Long.BYTES));
        }
        return Note.abandoned(of, below, text(payloadStart() + Long.BYTES));
    }

    private void check(boolean holds, String problem) throws CorruptLogException {
        if (!holds) {
            throw corrupt(problem);
        }
    }

    CorruptLogException corrupt(String problem) {
        return group.corrupt(offset(), nextPosition, problem);
    }
}
