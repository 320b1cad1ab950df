package io.headgate.wal;

import io.headgate.batching.EntryTag;
import java.util.List;

/**
 * What is kept in memory of a segment or a parked file. {@link Segments} or {@link ParkedFiles} guards {@code readers}, and
 * {@code notedAsOf}: which change of the {@link Notes} was the last when the file was let go of. {@code keys}, how many of
 * its entries have one, and {@code newestKeyMillis} are for whoever writes it, and do not change once it is let go of.
 */
final class Segment {
    final long number;
    final String fileName;
    final long firstPosition;
    final long sizeBytes;
    final Declarations declarations;
    final SegmentIndex index;
    final SchemaGroups groups;
    int readers;
    long notedAsOf;
    int keys;
    long newestKeyMillis = Long.MIN_VALUE;

    /** One of which no group is known yet. */
    Segment(GroupFile header, long firstPosition, long sizeBytes) {
        this(header, firstPosition, sizeBytes, new Declarations(), new SegmentIndex(), new SchemaGroups());
    }

    Segment(
            GroupFile header,
            long firstPosition,
            long sizeBytes,
            Declarations declarations,
            SegmentIndex index,
            SchemaGroups groups) {
        this.number = header.number();
        this.fileName = header.fileName();
        this.firstPosition = firstPosition;
        this.sizeBytes = sizeBytes;
        this.declarations = declarations;
        this.index = index;
        this.groups = groups;
    }

    /** The group that begins at {@code offset} has an entry more. */
    void add(int offset, int schemaId, List<EntryTag> tags, long receiveTimeMillis) {
        groups.add(schemaId, offset);
        for (int i = 0; i < tags.size(); i++) {
            if (LogFormat.isKey(tags.get(i))) {
                keys++;
                newestKeyMillis = Math.max(newestKeyMillis, receiveTimeMillis);
            }
        }
    }
}
