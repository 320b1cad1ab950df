package io.headgate.wal;

import io.headgate.batching.LoggedTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes out entries in bytes whose checksum is wrong: what it says may be wrong too, and is for people to look at. */
final class DamagedEntries {
    private static final int BYTES_MAX = 16 * 1024 * 1024;
    private static final int LINES_MAX = 1000;

    private DamagedEntries() {}

    /** A line for each entry of the group that may have been at {@code start}. */
    static List<String> in(DiskFile file, int start, int end, Map<Integer, LoggedTable> tables) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(BYTES_MAX, end - start)).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, start);
        bytes.flip();
        List<String> lines = new ArrayList<>();
        int at = LogFormat.GROUP_HEADER_BYTES;
        while (isEntry(bytes, at) && lines.size() < LINES_MAX) {
            lines.add(line(bytes, at, start, tables));
            at += bytes.getInt(at);
        }
        return lines;
    }

    private static boolean isEntry(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < LogFormat.ENTRY_HEADER_BYTES) {
            return false;
        }
        int length = bytes.getInt(at);
        return length >= LogFormat.ENTRY_HEADER_BYTES
                && length <= bytes.limit() - at
                && EntryKind.of(bytes.get(at + 4)) != EntryKind.UNKNOWN;
    }

    private static String line(ByteBuffer bytes, int at, int start, Map<Integer, LoggedTable> tables) {
        LoggedTable table = tables.get(bytes.getInt(at + 8));
        return EntryKind.of(bytes.get(at + 4)) + " at offset " + (start + at) + ", " + bytes.getInt(at)
                + " bytes, position "
                + bytes.getLong(at + 16) + ", rows " + bytes.getInt(at + 24) + ", table "
                + (table == null
                        ? "number " + bytes.getInt(at + 8)
                        : table.name() + " " + table.id().value());
    }
}
