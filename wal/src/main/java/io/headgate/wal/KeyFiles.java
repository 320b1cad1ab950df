package io.headgate.wal;

import io.headgate.batching.EntryTag;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.RecoveryConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keys that outlive their segments: those of a trimmed segment that are younger than the window are written to a file of
 * their own, durably, before the segment goes. A crash may leave both, which say the same.
 *
 * <p>The promise goes before room: a segment stays as long as its keys cannot be written, but no longer than they matter,
 * which is one window. So a full disk holds up trimming for that long at the most. The file is written even into the room
 * that is kept for recovery, since what is freed right after it is larger.
 *
 * <p>All files together have a bound; the oldest go first. Damaged files cost the keys that are in them and nothing else:
 * the rows are elsewhere. They go one window after they were found.
 *
 * <p>Used by one thread, but for {@link #sizeBytes}.
 */
final class KeyFiles {
    private static final String KEYS_LOST =
            " keys are not known any more after the next start. Of a request that a device then sends again with one of"
                    + " them, the rows may be in the table twice.";

    /** @param isWhole whether it has all keys that it should */
    private record Kept(String name, long sizeBytes, int keys, long newestMillis, boolean isWhole) {}

    private final Disk disk;
    private final KeyRetention retention;
    private final LogMetrics metrics;
    private final InstantSource clock;
    private final NavigableMap<Long, Kept> files = new TreeMap<>();
    private volatile long sizeBytes;
    private long unfinished;
    private long draftBytes;

    KeyFiles(Disk disk, KeyRetention retention, LogMetrics metrics, InstantSource clock) {
        this.disk = disk;
        this.retention = retention;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What all of them take on the disk, one in the making included. Any thread. */
    long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Takes over the files of an earlier run and delivers their keys; deletes what was not finished.
     *
     * @param logId the log that they must be of; null if there was none
     */
    void recover(List<String> names, @Nullable UUID logId, RecoveryConsumer consumer) throws IOException {
        for (String name : names.stream().sorted().toList()) {
            if (LogFormat.isKeying(name)) {
                disk.delete(name);
            } else if (LogFormat.isKeys(name)) {
                recover(name, logId, consumer);
            }
        }
    }

    private void recover(String name, @Nullable UUID logId, RecoveryConsumer consumer) throws IOException {
        long now = clock.millis();
        long[] newest = {Long.MIN_VALUE};
        KeyFileReport report = KeyFileReader.read(disk, name, logId, (position, receiveTimeMillis, value) -> {
            newest[0] = Math.max(newest[0], receiveTimeMillis);
            if (!retention.isOver(receiveTimeMillis, now)) {
                consumer.key(position, receiveTimeMillis, keyOf(value));
            }
        });
        boolean isWhole = report.problem().isEmpty();
        if (!isWhole) {
            metrics.keysLost(
                    report.lost(),
                    "Key file " + name + " of the log is damaged: " + report.problem() + "; up to " + report.lost()
                            + KEYS_LOST);
        }
        add(
                LogFormat.numberIn(name),
                new Kept(name, report.sizeBytes(), report.keys(), isWhole ? newest[0] : now, isWhole));
    }

    private static IdempotencyKey keyOf(ByteBuffer value) {
        return Objects.requireNonNull(
                IdempotencyKey.of(List.of(new EntryTag(IdempotencyKey.TAG, value))), "a tag of the right size");
    }

    private void add(long number, Kept file) {
        files.put(number, file);
        measure();
    }

    private void measure() {
        sizeBytes =
                draftBytes + files.values().stream().mapToLong(Kept::sizeBytes).sum();
    }

    /**
     * Makes durable what of a trimmed segment's keys has to outlive it; false if that cannot be done now. Whatever it
     * throws is the end of this log.
     */
    boolean keep(Segment segment) throws IOException {
        long now = clock.millis();
        Kept known = files.get(segment.number);
        if (segment.keys == 0 || retention.isOver(segment.newestKeyMillis, now) || (known != null && known.isWhole)) {
            return true;
        }
        try {
            discardUnfinished();
            write(segment, now);
        } catch (IOException e) {
            metrics.retrying(
                    LogMetrics.Chore.DELETE,
                    "Segment " + segment.fileName + " of the log is no longer needed but for the keys in it, which"
                            + " could not be written to a file of their own: " + e
                            + ". It stays until they are, or are older than idempotency.window.");
            return false;
        }
        // Must be durable before the segment goes. If that fails nothing is known about the directory.
        disk.forceDirectory();
        return true;
    }

    private void write(Segment segment, long now) throws IOException {
        int most = Math.min(segment.keys, KeyHeader.keysIn(retention.maxBytes()));
        deleteDamaged(segment.number);
        makeRoom(KeyHeader.sizeBytes(most), now);
        unfinished = segment.number;
        draftBytes = KeyHeader.sizeBytes(most);
        measure();
        KeyHeader header;
        try (DiskFile source = disk.openReadOnly(segment.fileName);
                DiskFile draft = disk.create(LogFormat.keyingName(segment.number))) {
            header = copy(segment, source, draft, now, segment.keys - most);
        }
        String name = LogFormat.keysName(segment.number);
        disk.rename(LogFormat.keyingName(segment.number), name);
        unfinished = 0;
        draftBytes = 0;
        add(segment.number, new Kept(name, header.sizeBytes(), header.keys(), header.newestMillis(), true));
    }

    /** Copies the keys that are young enough, but for the first {@code tooMany}. */
    private KeyHeader copy(Segment segment, DiskFile source, DiskFile draft, long now, int tooMany) throws IOException {
        SegmentHeader from = SegmentHeader.read(source, segment.fileName);
        KeyFileWriter writer = new KeyFileWriter(draft, from.logId(), segment.number);
        int[] lost = {0};
        int[] seen = {0};
        int missing = SegmentKeys.read(source, from, segment.keys, (position, receiveTimeMillis, value) -> {
            boolean isIn = !retention.isOver(receiveTimeMillis, now);
            if (seen[0]++ >= tooMany && isIn) {
                writer.add(position, receiveTimeMillis, value);
            } else if (isIn) {
                lost[0]++;
            }
        });
        KeyHeader header = writer.finish();
        tellOfLoss(lost[0]);
        if (missing > 0) {
            metrics.keysLost(
                    missing,
                    "Segment " + segment.fileName + " of the log, which is no longer needed, is damaged: " + missing
                            + KEYS_LOST);
        }
        return header;
    }

    private void tellOfLoss(int keys) {
        if (keys > 0) {
            metrics.keysLost(
                    keys,
                    "Key files of the log would take more than idempotency.max-bytes, " + retention.maxBytes() + ": "
                            + keys + KEYS_LOST);
        }
    }

    private void makeRoom(long bytes, long now) throws IOException {
        while (!files.isEmpty() && sizeBytes + bytes > retention.maxBytes()) {
            Map.Entry<Long, Kept> oldest = files.firstEntry();
            delete(oldest.getKey());
            if (!retention.isOver(oldest.getValue().newestMillis, now)) {
                tellOfLoss(oldest.getValue().keys);
            }
        }
    }

    private void deleteDamaged(long number) throws IOException {
        if (files.containsKey(number)) {
            delete(number);
        }
    }

    // Not durably: what comes back says nothing that is wrong.
    private void delete(long number) throws IOException {
        disk.delete(LogFormat.keysName(number));
        files.remove(number);
        measure();
    }

    /** Deletes the oldest file if none of its keys matters any more; false if there is none, or it cannot be deleted. */
    boolean deletedOne() {
        Map.Entry<Long, Kept> oldest = files.firstEntry();
        if (oldest == null || !retention.isOver(oldest.getValue().newestMillis, clock.millis())) {
            return false;
        }
        try {
            delete(oldest.getKey());
            metrics.unhindered(LogMetrics.Chore.DELETE);
            return true;
        } catch (IOException e) {
            metrics.retrying(
                    LogMetrics.Chore.DELETE,
                    "File " + oldest.getValue().name + " of the log is no longer needed and could not be deleted: "
                            + e);
            return false;
        }
    }

    /** Gives back the bytes of an attempt that failed. */
    private void discardUnfinished() throws IOException {
        if (unfinished != 0) {
            disk.delete(LogFormat.keyingName(unfinished));
            // A rename that failed may have happened all the same.
            disk.delete(LogFormat.keysName(unfinished));
            unfinished = 0;
            draftBytes = 0;
            measure();
        }
    }
}
