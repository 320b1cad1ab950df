package io.headgate.wal;

import io.headgate.batching.LogEntry;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes one parked file, under another name until all of it is forced: a crash leaves all of it or nothing. Bounded by
 * {@code log.parked-bytes}, and leaves two segments' room on the disk. Used by one thread.
 */
final class ParkedWriter {
    // A force of much more at once would hold up the log's own forces.
    private static final int FORCE_BYTES = 4 * 1024 * 1024;
    private static final int SKIP_MAX = 1 << 30;

    private final Disk disk;
    private final LogSettings settings;
    private final ParkedFiles files;
    private final DiskFile file;
    private final ParkedHeader draft;
    private final GroupBuilder group;
    private final GroupChecksum checksum;
    private final Segment written;
    private final TableId table;
    private final long bytesBefore;
    private int end = LogFormat.SEGMENT_HEADER_BYTES;
    private int forced;
    private long groupPosition;
    private long position;

    /**
     * @param file a new one, named as {@link LogFormat#parkingName} says
     * @param draft what the file's header will say, but for its end
     */
    ParkedWriter(Disk disk, LogSettings settings, ParkedFiles files, DiskFile file, ParkedHeader draft, TableId table) {
        this.disk = disk;
        this.settings = settings;
        this.files = files;
        this.file = file;
        this.draft = draft;
        this.group = new GroupBuilder(settings.groupBytes());
        this.checksum = new GroupChecksum(draft);
        this.written = new Segment(draft, draft.firstPosition(), 0);
        this.table = table;
        this.bytesBefore = files.sizeBytes();
        this.groupPosition = draft.firstPosition();
        this.position = groupPosition;
        group.begin();
    }

    /** Takes the table's next entry. */
    void add(LogEntry entry) throws IOException {
        skipMost(entry.position());
        int absent = (int) (entry.position() - position);
        if (!group.add(entry, absent, written.declarations)) {
            writeGroup();
            group.add(entry, absent, written.declarations);
        }
        written.groups.add(written.declarations.idOf(entry.schema()), end);
        position = entry.position() + 1;
    }

    /** Leaves no more positions to skip than an entry, or a group, can tell. */
    private void skipMost(long to) throws IOException {
        while (to - position > SKIP_MAX) {
            skip(SKIP_MAX);
            writeGroup();
        }
    }

    private void skip(int count) throws IOException {
        if (!group.addAbsent(count, position)) {
            writeGroup();
            group.addAbsent(count, position);
        }
        position += count;
    }

    private void writeGroup() throws IOException {
        ByteBuffer bytes = group.finish(draft.tag(), checksum, groupPosition);
        checkRoom(bytes.remaining());
        written.index.add(groupPosition, end);
        int at = end;
        end = Math.addExact(end, bytes.remaining());
        files.draft(end);
        file.write(bytes, at);
        if (end - forced >= FORCE_BYTES) {
            file.force();
            forced = end;
        }
        groupPosition = position;
        group.begin();
    }

    private void checkRoom(int bytes) throws IOException {
        long parked = bytesBefore + end + bytes;
        if (parked > settings.parkedBytes()) {
            throw new IOException("Parked entries would take " + parked + " bytes, more than log.parked-bytes, "
                    + settings.parkedBytes() + ". See to the tables that cannot be committed to, or raise it.");
        }
        long usable = disk.usableBytes();
        if (usable - bytes < 2L * settings.segmentBytes()) {
            throw new IOException("The log's disk has " + usable + " bytes free: nothing is parked on the last"
                    + " two segments' room, " + 2L * settings.segmentBytes() + ". Make room on it.");
        }
    }

    /** Completes the file and makes it durable, but for its name. */
    ParkedFile finish() throws IOException {
        skipMost(draft.endPosition());
        skip((int) (draft.endPosition() - position));
        writeGroup();
        ParkedHeader header = new ParkedHeader(
                draft.logId(), draft.number(), end, draft.firstPosition(), draft.endPosition(), draft.tag());
        file.write(header.encode(), 0);
        file.force();
        written.groups.reach(end);
        Segment whole =
                new Segment(header, header.firstPosition(), end, written.declarations, written.index, written.groups);
        return new ParkedFile(whole, table, new StreamRange(header.firstPosition(), header.endPosition()));
    }
}
