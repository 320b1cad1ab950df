package io.headgate.wal;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.RecoveryConsumer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    record Recovered(Segments segments, Notes notes, Spares spares, ActiveSegment active, long nextPosition) {}

    private final Disk disk;
    private final LogSettings settings;
    private final RandomGenerator random;
    private final RecoveryConsumer consumer;
    private final Notes notes;
    private final Spares spares;
    private final List<String> names;
    private final List<Segment> live = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();
    // One object per schema, however many segments declare it.
    private final Map<LoggedSchema, LoggedSchema> schemas = new HashMap<>();
    private long position;

    private Recovery(Disk disk, LogSettings settings, RandomGenerator random, RecoveryConsumer consumer)
            throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.random = random;
        this.consumer = consumer;
        this.notes = new Notes(settings.segmentBytes());
        this.names = disk.list();
        this.spares = Spares.found(disk, names, settings.segmentBytes());
    }

    static Recovered run(Disk disk, LogSettings settings, RandomGenerator random, RecoveryConsumer consumer)
            throws IOException {
        return new Recovery(disk, settings, random, consumer).run();
    }

    private Recovered run() throws IOException {
        Deque<SegmentHeader> chain = chain();
        ActiveSegment active = chain.isEmpty() ? begin() : restore(chain);
        live.add(active.segment());
        return new Recovered(new Segments(live, notes), notes, spares, active, position);
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
            Segment segment = new Segment(header.number(), header.firstPosition(), file.sizeBytes());
            GroupReader group = new GroupReader(file, header);
            int at = LogFormat.SEGMENT_HEADER_BYTES;
            while (at < next.previousEnd()) {
                if (!group.read(at) || group.firstPosition() != position) {
                    throw group.corrupt(at, position, "no valid group is here, but the next segment follows on more");
                }
                segment.index.add(position, at);
                deliver(group, segment);
                at = group.nextOffset();
            }
            if (at != next.previousEnd() || position != next.firstPosition()) {
                throw group.corrupt(at, position, "the next segment does not follow on what is here");
            }
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
                deliver(group, copy.segment());
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

    private void deliver(GroupReader group, Segment segment) throws IOException {
        Declarations declarations = segment.declarations;
        EntryCursor entry = group.entries();
        while (entry.next()) {
            switch (entry.kind()) {
                case LogFormat.ROWS -> consumer.accept(entry.rows(entry.schema(declarations.schemas())));
                case LogFormat.TABLE -> declareTable(entry, declarations);
                case LogFormat.SCHEMA -> declareSchema(entry, declarations);
                case LogFormat.COMMITTED, LogFormat.ABANDONED -> note(entry, segment);
                default -> {
                    // Kinds without a meaning for readers, known or not.
                }
            }
        }
        position = group.nextPosition();
    }

    private void note(EntryCursor entry, Segment segment) throws IOException {
        Note note = entry.note(entry.table(segment.declarations.tables()));
        notes.recovered(note, segment.number);
        if (note.isCommitted()) {
            consumer.committed(note.table(), note.committedTo(), note.rows());
        }
        if (note.isAbandoned()) {
            consumer.abandoned(note.table(), note.abandonedTo(), note.where());
        }
    }

    private void declareTable(EntryCursor entry, Declarations declarations) throws CorruptLogException {
        if (declarations.add(entry.table()) != entry.tableOrdinal()) {
            throw entry.corrupt("a table is declared out of order");
        }
    }

    private void declareSchema(EntryCursor entry, Declarations declarations) throws CorruptLogException {
        LoggedSchema read = new LoggedSchema(entry.table(declarations.tables()), entry.schemaJson());
        if (declarations.add(schemas.computeIfAbsent(read, added -> added)) != entry.schemaId()) {
            throw entry.corrupt("a schema is declared out of order");
        }
    }
}
