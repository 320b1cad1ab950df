package io.headgate.wal;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Copies a table's entries out of a segment that they keep from being trimmed. One copy at a time; any thread. */
final class Parker {
    private final Disk disk;
    private final LogSettings settings;
    private final Segments segments;
    private final ParkedFiles files;
    private final UUID logId;
    private final RandomGenerator random;
    private final Consumer<IOException> onFatal;
    private long lastNumber;
    private long unfinished;

    /**
     * @param lastNumber the highest number that a parked file has
     * @param onFatal told of a failed force of the directory: nothing is known about the names in it then
     */
    Parker(
            Disk disk,
            LogSettings settings,
            Segments segments,
            ParkedFiles files,
            UUID logId,
            long lastNumber,
            RandomGenerator random,
            Consumer<IOException> onFatal) {
        this.disk = disk;
        this.settings = settings;
        this.segments = segments;
        this.files = files;
        this.logId = logId;
        this.lastNumber = lastNumber;
        this.random = random;
        this.onFatal = onFatal;
    }

    /** See {@link io.headgate.batching.StreamLog#park}. */
    synchronized long park(LoggedTable table, long from) throws IOException {
        StreamRange gap = files.firstGap(table.id(), from);
        List<Segments.Held> held = segments.holdClosed(gap.from());
        try {
            discardUnfinished();
            for (Segments.Held part : held) {
                // From where the first one begins: those that are passed over have nothing of the table from there on.
                long start = Math.max(gap.from(), held.get(0).segment().firstPosition);
                long end = Math.min(gap.to(), part.endPosition());
                if (start < end && copied(part.segment(), new StreamRange(start, end), table.id())) {
                    return end;
                }
                if (end == gap.to()) {
                    return files.firstGap(table.id(), end).from();
                }
            }
            return gap.from();
        } finally {
            held.forEach(part -> segments.release(part.segment()));
        }
    }

    /** Copies a table's entries, durably; false if there are none. */
    private boolean copied(Segment segment, StreamRange range, TableId table) throws IOException {
        if (segment.declarations.schemas().stream()
                .noneMatch(schema -> schema.table().id().equals(table))) {
            return false;
        }
        Copy copy = new Copy(range, table);
        try {
            StreamRange inSegment = new StreamRange(Math.max(range.from(), segment.firstPosition), range.to());
            new SegmentReader(segment, inSegment, table, copy::add).read(disk);
            return copy.finish();
        } catch (IOException | RuntimeException e) {
            copy.abort(e);
            throw e;
        } finally {
            copy.close();
        }
    }

    /** Makes a file once there is a first entry for it. */
    private final class Copy {
        private final StreamRange range;
        private final TableId table;
        private @Nullable DiskFile file;
        private @Nullable ParkedWriter writer;

        Copy(StreamRange range, TableId table) {
            this.range = range;
            this.table = table;
        }

        void add(LogEntry entry) throws IOException {
            ParkedWriter to = writer;
            if (to == null) {
                unfinished = ++lastNumber;
                DiskFile created = disk.create(LogFormat.parkingName(unfinished));
                file = created;
                ParkedHeader draft =
                        new ParkedHeader(logId, unfinished, 0, range.from(), range.to(), random.nextLong());
                to = new ParkedWriter(disk, settings, files, created, draft, table);
                writer = to;
            }
            to.add(entry);
        }

        /** False if there was no entry. */
        boolean finish() throws IOException {
            ParkedWriter from = writer;
            if (from == null) {
                return false;
            }
            ParkedFile whole = from.finish();
            disk.rename(LogFormat.parkingName(unfinished), whole.file().fileName);
            forceDirectory();
            unfinished = 0;
            files.add(whole);
            files.draft(0);
            return true;
        }

        void abort(Exception cause) {
            try {
                discardUnfinished();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }

        void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    /** Gives back the bytes of an attempt that failed. Durably: it must not come back beside the next one. */
    private void discardUnfinished() throws IOException {
        if (unfinished != 0) {
            disk.delete(LogFormat.parkingName(unfinished));
            // A rename that failed may have happened all the same.
            disk.delete(LogFormat.parkedName(unfinished));
            forceDirectory();
            unfinished = 0;
            files.draft(0);
        }
    }

    private void forceDirectory() throws IOException {
        try {
            disk.forceDirectory();
        } catch (IOException e) {
            onFatal.accept(e);
            throw e;
        }
    }
}
