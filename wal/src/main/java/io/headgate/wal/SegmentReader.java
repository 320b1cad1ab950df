package io.headgate.wal;

import io.headgate.batching.EntryConsumer;
import io.headgate.batching.LoggedSchema;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.List;

/**
 * Reads one table's entries of a range from one segment or parked file. Opens the file for itself: a reading thread that is interrupted
 * loses its own handle, never the writer's.
 */
final class SegmentReader {
    private static final int GAP_BYTES = 4 * 1024;

    private final Segment segment;
    private final StreamRange range;
    private final EntryConsumer consumer;
    private final List<LoggedSchema> schemas;
    private final boolean[] isOfTable; // by schema id

    /** @param range positions that are all forced */
    SegmentReader(Segment segment, StreamRange range, TableId table, EntryConsumer consumer) {
        this.segment = segment;
        this.range = range;
        this.consumer = consumer;
        this.schemas = segment.declarations.schemas();
        this.isOfTable = new boolean[schemas.size()];
        for (int id = 0; id < isOfTable.length; id++) {
            isOfTable[id] = schemas.get(id).table().id().equals(table);
        }
    }

    /** Returns how many positions were looked at. */
    long read(Disk disk) throws IOException {
        long lookedAt = 0;
        try (DiskFile file = disk.openReadOnly(segment.fileName)) {
            GroupReader group = new GroupReader(file, GroupFile.read(file, segment.fileName));
            SegmentIndex.Place start = segment.index.floor(range.from());
            int[] offsets = segment.groups.of(isOfTable, start.offset());
            long position = start.position();
            int groupBytes = GAP_BYTES;
            for (int i = 0; i < offsets.length && position < range.to(); i++) {
                if (!group.read(offsets[i], aheadBytes(offsets, i, groupBytes)) || group.firstPosition() < position) {
                    throw group.corrupt(offsets[i], position, "no valid group is here, but one was forced");
                }
                deliver(group);
                lookedAt += group.nextPosition() - group.firstPosition();
                position = group.nextPosition();
                groupBytes = group.nextOffset() - offsets[i];
            }
        }
        return lookedAt;
    }

    /**
     * As far as what is wanted goes on, but for gaps that take no longer to read than another call does.
     *
     * @param groupBytes what a group takes, as far as is known
     */
    private static int aheadBytes(int[] offsets, int i, int groupBytes) {
        int last = i;
        while (last + 1 < offsets.length
                && offsets[last + 1] - offsets[last] <= groupBytes + GAP_BYTES
                && offsets[last] - offsets[i] < GroupReader.WINDOW_BYTES) {
            last++;
        }
        return offsets[last] - offsets[i] + groupBytes + GAP_BYTES;
    }

    private void deliver(GroupReader group) throws IOException {
        EntryCursor entry = group.entries();
        while (entry.next()) {
            if (entry.kind() == LogFormat.ROWS && range.contains(entry.position())) {
                LoggedSchema schema = entry.schema(schemas);
                if (isOfTable[entry.schemaId()]) {
                    consumer.accept(entry.rows(schema));
                }
            }
        }
    }
}
