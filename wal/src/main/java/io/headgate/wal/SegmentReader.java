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
    private final Segment segment;
    private final StreamRange range;
    private final EntryConsumer consumer;
    private final List<LoggedSchema> schemas;
    private final boolean[] isOfTable; // by schema id: most entries may be of other tables

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

    void read(Disk disk) throws IOException {
        try (DiskFile file = disk.openReadOnly(segment.fileName)) {
            GroupReader group = new GroupReader(file, GroupFile.read(file, segment.fileName));
            SegmentIndex.Place place = segment.index.floor(range.from());
            long position = place.position();
            int offset = place.offset();
            while (position < range.to()) {
                if (!group.read(offset) || group.firstPosition() != position) {
                    throw group.corrupt(offset, position, "no valid group is here, but this position was forced");
                }
                deliver(group);
                position = group.nextPosition();
                offset = group.nextOffset();
            }
        }
    }

    private void deliver(GroupReader group) throws IOException {
        if (group.nextPosition() <= range.from()) {
            return;
        }
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
