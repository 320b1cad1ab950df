package io.headgate.wal;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands over what recovery reads, each entry once and each table's in order: a parked file comes before the first entry
 * that lies behind its beginning, and what it holds is passed over in the segments.
 */
final class RecoveryDelivery {
    private final Disk disk;
    private final RecoveryConsumer consumer;
    private final Notes notes;
    private final Deque<ParkedHeader> ahead;
    private final List<ParkedFile> parked = new ArrayList<>();
    private final Map<TableId, Long> parkedTo = new HashMap<>();
    // One object per schema, however many files declare it.
    private final Map<LoggedSchema, LoggedSchema> schemas = new HashMap<>();

    /** @param ahead the parked files, in the order of their first positions */
    RecoveryDelivery(Disk disk, RecoveryConsumer consumer, Notes notes, List<ParkedHeader> ahead) {
        this.disk = disk;
        this.consumer = consumer;
        this.notes = notes;
        this.ahead = new ArrayDeque<>(ahead);
    }

    /** Hands over a group of a segment. */
    void deliver(GroupReader group, Segment segment) throws IOException {
        Declarations declarations = segment.declarations;
        EntryCursor entry = group.entries();
        while (entry.next()) {
            switch (entry.kind()) {
                case LogFormat.ROWS -> {
                    LogEntry rows = entry.rows(entry.schema(declarations.schemas()));
                    segment.add(group.offset(), entry.schemaId(), rows.tags(), rows.receiveTimeMillis());
                    deliver(rows);
                }
                case LogFormat.TABLE -> declareTable(entry, declarations);
                case LogFormat.SCHEMA -> declareSchema(entry, declarations);
                case LogFormat.COMMITTED, LogFormat.ABANDONED -> note(entry, segment);
                default -> {
                    // Kinds without a meaning for readers, known or not.
                }
            }
        }
    }

    private void deliver(LogEntry entry) throws IOException {
        deliverParkedFrom(entry.position());
        TableId table = entry.schema().table().id();
        if (parked.isEmpty() || parked.stream().noneMatch(file -> file.has(table, entry.position()))) {
            consumer.accept(entry);
        }
    }

    /** Hands over the parked files that begin at or below {@code position}. */
    private void deliverParkedFrom(long position) throws IOException {
        while (!ahead.isEmpty() && ahead.element().firstPosition() <= position) {
            deliverParked(ahead.remove());
        }
    }

    /** Hands over what is left; returns all parked files. */
    List<ParkedFile> finish() throws IOException {
        deliverParkedFrom(Long.MAX_VALUE);
        return parked;
    }

    private void deliverParked(ParkedHeader header) throws IOException {
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            Segment segment = new Segment(header, header.firstPosition(), file.sizeBytes());
            GroupReader group = new GroupReader(file, header);
            long position = header.firstPosition();
            int at = LogFormat.SEGMENT_HEADER_BYTES;
            while (at < header.end()) {
                if (!group.read(at) || group.firstPosition() != position) {
                    throw group.corrupt(at, position, "no valid group is here, but the file's header says so");
                }
                segment.index.add(position, at);
                deliverParked(group, segment);
                position = group.nextPosition();
                at = group.nextOffset();
            }
            if (at != header.end()
                    || position != header.endPosition()
                    || segment.declarations.tables().isEmpty()) {
                throw group.corrupt(at, position, "the file does not end as its header says");
            }
            segment.groups.reach(at);
            TableId table = segment.declarations.tables().get(0).id();
            parked.add(new ParkedFile(segment, table, new StreamRange(header.firstPosition(), position)));
            parkedTo.merge(table, position, Math::max);
        }
    }

    private void deliverParked(GroupReader group, Segment segment) throws IOException {
        Declarations declarations = segment.declarations;
        EntryCursor entry = group.entries();
        while (entry.next()) {
            switch (entry.kind()) {
                case LogFormat.ROWS -> {
                    segment.groups.add(entry.schemaId(), group.offset());
                    deliverParked(entry.rows(entry.schema(declarations.schemas())));
                }
                case LogFormat.TABLE -> declareTable(entry, declarations);
                case LogFormat.SCHEMA -> declareSchema(entry, declarations);
                default -> {
                    // Positions of other tables.
                }
            }
        }
    }

    // A file whose deletion a crash undid may hold what a later one holds too.
    private void deliverParked(LogEntry entry) throws IOException {
        if (entry.position() >= parkedTo.getOrDefault(entry.schema().table().id(), 0L)) {
            consumer.accept(entry);
        }
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
