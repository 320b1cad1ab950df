package io.headgate.wal;

import io.headgate.batching.EntryConsumer;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.List;

/**
 * Reads one table's entries of a range, wherever they lie: in parked files what is parked, in segments all else. What is
 * parked may be in a segment too, for as long as that is there.
 */
final class LogReader {
    private final Disk disk;
    private final TableId table;
    private final EntryConsumer consumer;
    private long lookedAt;

    LogReader(Disk disk, TableId table, EntryConsumer consumer) {
        this.disk = disk;
        this.table = table;
        this.consumer = consumer;
    }

    /**
     * @return how many positions were looked at
     * @throws IllegalArgumentException if the range begins below the segments, and nothing of the table is parked
     */
    long read(StreamRange range, Segments segments, ParkedFiles parked) throws IOException {
        // In this order: a segment that is gone by now was parked before.
        List<Segments.Held> held = segments.hold(range);
        List<ParkedFile> files = parked.hold(table, range);
        try {
            long first = held.isEmpty() ? range.to() : held.get(0).segment().firstPosition;
            if (range.from() < first && !parked.isAny(table)) {
                throw new IllegalArgumentException(
                        "Range " + range + " reaches below the first position held, " + segments.firstPosition());
            }
            read(range, held, files);
            return lookedAt;
        } finally {
            files.forEach(parked::release);
            held.forEach(part -> segments.release(part.segment()));
        }
    }

    private void read(StreamRange range, List<Segments.Held> held, List<ParkedFile> files) throws IOException {
        long position = range.from();
        for (ParkedFile file : files) {
            readSegments(position, file.range().from(), held);
            read(
                    file.file(),
                    Math.max(position, file.range().from()),
                    Math.min(range.to(), file.range().to()));
            position = Math.max(position, file.range().to());
        }
        readSegments(position, range.to(), held);
    }

    private void readSegments(long from, long to, List<Segments.Held> held) throws IOException {
        for (Segments.Held part : held) {
            read(part.segment(), Math.max(from, part.segment().firstPosition), Math.min(to, part.endPosition()));
        }
    }

    private void read(Segment file, long from, long to) throws IOException {
        if (from < to) {
            lookedAt += new SegmentReader(file, new StreamRange(from, to), table, consumer).read(disk);
        }
    }
}
