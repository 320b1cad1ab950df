package io.headgate.wal;

import io.headgate.batching.RecoveryConsumer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log back from its files, reading each once.
 *
 * <p>Every segment but the last was left only after its last group was forced, and its successor's header says where that
 * group ends: whatever does not match up to there is damage. The last segment ends at its first group that is not valid.
 * If a valid group follows, the bad one had been forced, and is damage too; if none does, it is what a crash left of a
 * group that was never acked, and is cut. Damage stops the start and changes nothing.
 *
 * <p>The last segment is not appended to, since what is read of it now may not be on the disk yet: its valid groups are
 * copied to a spare, that is forced, and then renamed to a new segment that makes the old one void. A crash before the
 * rename leaves all as it was; a crash after it finds the copy, which holds everything the old one did. Void files are
 * deleted before anything else happens: a process that always dies soon after its start must not leave one each time.
 */
final class Recovery {
    /** A log that is ready to be used. */
    record Recovered(
            Segments segments,
            ParkedFiles parked,
            long lastParked,
            Notes notes,
            Spares spares,
            ActiveSegment active,
            long nextPosition) {}

    private final Disk disk;
    private final LogSettings settings;
    private final RandomGenerator random;
    private final Notes notes;
    private final List<ParkedHeader> parked;
    private final KeyFiles keys;
    private final RecoveryConsumer consumer;
    private final RecoveryDelivery delivery;
    private final Spares spares;
    private final List<String> names;
    private final List<Segment> live = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();
    private long position;

    private Recovery(Disk disk, LogSettings settings, RandomGenerator random, KeyFiles keys, RecoveryConsumer consumer)
            throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.random = random;
        this.notes = new Notes(settings.segmentBytes());
        // Before any name is believed: a segment that a dying process made a spare of must not come back under its old
        // name once it was written to under the new one.
        disk.forceDirectory();
        this.names = disk.list();
        this.spares = Spares.found(disk, names, settings.segmentBytes());
        this.parked = parked();
        this.keys = keys;
        this.consumer = consumer;
        this.delivery = new RecoveryDelivery(disk, consumer, notes, parked);
    }

    /** @param keys as of yet empty */
    static Recovered run(
            Disk disk, LogSettings settings, RandomGenerator random, KeyFiles keys, RecoveryConsumer consumer)
            throws IOException {
        return new Recovery(disk, settings, random, keys, consumer).run();
    }

    private Recovered run() throws IOException {
        Deque<SegmentHeader> chain = chain();
        UUID logId = chain.isEmpty() ? null : chain.getLast().logId();
        checkParked(logId);
        keys.recover(names, logId, consumer);
        ActiveSegment active = chain.isEmpty() ? begin() : restore(chain);
        live.add(active.segment());
        long lastParked = parked.stream().mapToLong(ParkedHeader::number).max().orElse(0);
        ParkedFiles files = new ParkedFiles(notes, delivery.finish());
        return new Recovered(new Segments(live, notes), files, lastParked, notes, spares, active, position);
    }

    /** The headers of all parked files, in the order of their first positions; deletes what was not finished. */
    private List<ParkedHeader> parked() throws IOException {
        List<ParkedHeader> headers = new ArrayList<>();
        for (String name : names) {
            if (LogFormat.isParking(name)) {
                disk.delete(name);
            } else if (LogFormat.isParked(name)) {
                try (DiskFile file = disk.openReadOnly(name)) {
                    headers.add(ParkedHeader.read(file, name));
                }
            }
        }
        headers.sort(Comparator.comparingLong(ParkedHeader::firstPosition).thenComparingLong(ParkedHeader::number));
        return headers;
    }

    private void checkParked(@Nullable UUID logId) throws CorruptLogException {
        for (ParkedHeader header : parked) {
            if (!header.logId().equals(logId)) {
                throw new CorruptLogException(
                        header.fileName(),
                        0,
                        header.firstPosition(),
                        logId == null ? "the log's segments are missing" : "this parked file is of another log");
            }
        }
    }

    private ActiveSegment begin() throws IOException {
        UUID logId = new UUID(random.nextLong(), random.nextLong());
        SegmentHeader header =
                new SegmentHeader(logId, 1, 1, 0, 0, random.nextLong(), List.of()).withRun(random.nextLong(), 0);
        return ActiveSegment.create(disk, spares.takeOrPrepare(settings.segmentBytes()), header);
    }

    /** The headers of all segments that are not void, from last to first. */
    private Deque<SegmentHeader> chain() throws IOException {
        Deque<SegmentHeader> chain = new ArrayDeque<>();
        List<String> newestFirst = names.stream()
                .filter(LogFormat::isSegment)
                .sorted((a, b) -> b.compareTo(a))
                .toList();
        for (String name : newestFirst) {
            SegmentHeader next = chain.peekFirst();
            if (next != null && LogFormat.numberIn(name) >= next.base()) {
                replaced.add(name);
            } else {
                chain.addFirst(linked(name, next));
            }
        }
        return chain;
    }

    private SegmentHeader linked(String name, @Nullable SegmentHeader next) throws IOException {
        try (DiskFile file = disk.openReadOnly(name)) {
            SegmentHeader header = SegmentHeader.read(file, name);
            if (next != null && header.number() != next.base() - 1) {
                throw new CorruptLogException(
                        next.fileName(), 0, next.firstPosition(), "the segment before this one is missing");
            }
            if (next != null && !header.logId().equals(next.logId())) {
                throw new CorruptLogException(name, 0, header.firstPosition(), "this segment is of another log");
            }
            return header;
        }
    }

    private ActiveSegment restore(Deque<SegmentHeader> chain) throws IOException {
        position = chain.getFirst().firstPosition();
        while (chain.size() > 1) {
            SegmentHeader header = chain.removeFirst();
            readClosed(header, chain.getFirst());
        }
        return copy(chain.getFirst());
    }

    private void readClosed(SegmentHeader header, SegmentHeader next) throws IOException {
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            Segment segment = new Segment(header, header.firstPosition(), file.sizeBytes());
            GroupReader group = new GroupReader(file, header);
            int at = LogFormat.SEGMENT_HEADER_BYTES;
            while (at < next.previousEnd()) {
                if (!group.read(at) || group.firstPosition() != position) {
                    throw group.corrupt(at, position, "no valid group is here, but the next segment follows on more");
                }
                segment.index.add(position, at);
                delivery.deliver(group, segment);
                position = group.nextPosition();
                at = group.nextOffset();
            }
            if (at != next.previousEnd() || position != next.firstPosition()) {
                throw group.corrupt(at, position, "the next segment does not follow on what is here");
            }
            segment.groups.reach(at);
            live.add(segment);
        }
    }

    private ActiveSegment copy(SegmentHeader header) throws IOException {
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            Spares.Spare spare = spares.takeOrPrepare(Math.max(settings.segmentBytes(), file.sizeBytes()));
            ActiveSegment copy = ActiveSegment.draft(spare, successor(header));
            GroupReader group = new GroupReader(file, header);
            while (group.read(copy.end()) && group.firstPosition() == position) {
                long groupPosition = position;
                delivery.deliver(group, copy.segment());
                position = group.nextPosition();
                copy.write(group.recast(copy.header()), groupPosition);
            }
            checkNothingFollows(group, copy.end(), file.sizeBytes());
            copy.beginRun(random.nextLong(), position);
            copy.publish(disk, spare);
            replaced.add(header.fileName());
            deleteReplaced();
            return copy;
        }
    }

    /** Durably: one that came back after its successors were trimmed would stand before a gap. */
    private void deleteReplaced() throws IOException {
        for (String name : replaced) {
            disk.delete(name);
        }
        disk.forceDirectory();
    }

    private SegmentHeader successor(SegmentHeader header) {
        return new SegmentHeader(
                header.logId(),
                header.number() + 1,
                header.base(),
                header.firstPosition(),
                header.previousEnd(),
                random.nextLong(),
                header.runs());
    }

    private void checkNothingFollows(GroupReader group, int end, long fileBytes) throws IOException {
        for (int at = end; at < fileBytes; at += LogFormat.UNIT_BYTES) {
            if (group.read(at)) {
                throw group.corrupt(
                        end,
                        position,
                        "no valid group is here, but a later one, of position " + group.firstPosition()
                                + ", is at offset " + at);
            }
        }
    }
}
