package io.headgate.wal;

import io.headgate.batching.Append;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The segment that is written to. Its life begins with a spare whose header is written and forced before the file gets
 * its name, and whose name is durable before anything else happens. Used by one thread. Whatever fails here leaves
 * unknown what is on the disk: nothing is tried twice.
 */
final class ActiveSegment {
    private final DiskFile file;
    private SegmentHeader header;
    private final GroupChecksum checksum;
    private final Segment segment;
    private int end;

    private ActiveSegment(DiskFile file, SegmentHeader header, long sizeBytes, int end) {
        this.file = file;
        this.header = header;
        this.checksum = new GroupChecksum(header);
        this.segment = new Segment(header, header.firstPosition(), sizeBytes);
        this.end = end;
    }

    /** Makes a segment of a spare. */
    static ActiveSegment create(Disk disk, Spares.Spare spare, SegmentHeader header) throws IOException {
        ActiveSegment active = draft(spare, header);
        active.publish(disk, spare);
        return active;
    }

    /** A segment that has no name yet: to be filled, then {@link #publish published}. */
    static ActiveSegment draft(Spares.Spare spare, SegmentHeader header) {
        return new ActiveSegment(spare.file(), header, spare.sizeBytes(), LogFormat.SEGMENT_HEADER_BYTES);
    }

    /** Begins a run of the log in a draft whose groups reach to {@code position}. */
    void beginRun(long id, long position) {
        header = header.withRun(id, position);
    }

    /** Makes the header, and what was written so far, durable, and then known under the segment's name. */
    void publish(Disk disk, Spares.Spare spare) throws IOException {
        file.write(header.encode(), 0);
        force();
        disk.rename(spare.name(), header.fileName());
        disk.forceDirectory();
    }

    /** Writes a group, not yet durable, behind the last. */
    void write(ByteBuffer group, long firstPosition) throws IOException {
        int at = end;
        int bytes = group.remaining();
        if (bytes > segment.sizeBytes - at) {
            throw new IllegalStateException("A group of " + bytes + " bytes was planned into " + header.fileName()
                    + ", which has " + (segment.sizeBytes - at) + " left. This is a defect of the log.");
        }
        file.write(group, at);
        segment.index.add(firstPosition, at);
        end = LogFormat.alignUp(at + bytes);
    }

    void force() throws IOException {
        file.force();
        segment.groups.reach(end);
    }

    /** The group that is written next has this append. */
    void add(Append append) {
        segment.add(end, segment.declarations.idOf(append.schema()), append.tags(), append.receiveTimeMillis());
    }

    SegmentHeader header() {
        return header;
    }

    GroupChecksum checksum() {
        return checksum;
    }

    Segment segment() {
        return segment;
    }

    /** Where the next group starts. */
    int end() {
        return end;
    }

    long leftBytes() {
        return segment.sizeBytes - end;
    }

    void close() throws IOException {
        file.close();
    }
}
