package io.headgate.wal;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a log from its files, beside a process that writes it or without one: takes no lock, changes nothing, and
 * goes on behind damage.
 *
 * <p>What looks wrong may only be unfinished. A group that is being written is not valid yet; one behind it, found later,
 * was written after it, so the first is looked at again before it is called damaged. A segment that was trimmed
 * meanwhile is not missing: whatever seems wrong with a file counts only if the file is still there under its name and
 * with its header. What ends the last segment is what {@link Recovery} would cut: no damage.
 *
 * <p>Parked files come before all segments; an entry that is in both is read once.
 *
 * <p>The last group may be written and not forced yet: it is read, as recovery would read it, though nobody may have been
 * told yet that its rows are safe. Nothing behind it is.
 */
public final class LogScan {
    /** How many damaged places are described. */
    static final int DAMAGE_MAX = 100;

    private static final int RESTARTS_MAX = 1000;

    /** What is parked of a table, and so passed over in the segments. */
    private record Covered(TableId table, StreamRange range) {}

    private final Disk disk;
    private final LogVisitor visitor;
    private final Map<EntryKind, Long> counts = new EnumMap<>(EntryKind.class);
    private final List<LogReport.Segment> segments = new ArrayList<>();
    private final List<LogReport.Segment> parked = new ArrayList<>();
    private final List<Covered> covered = new ArrayList<>();
    private final List<LogReport.Damage> damage = new ArrayList<>();
    private long damageCount;
    private String logId = "";
    private long firstPosition;
    private long position;
    private boolean wanted = true;

    private LogScan(Disk disk, LogVisitor visitor) {
        this.disk = disk;
        this.visitor = visitor;
    }

    /**
     * Reads everything that the visitor wants, once.
     *
     * @throws NoSuchFileException if there is no log
     * @throws IOException if it cannot be read now, or the visitor fails
     */
    public static LogReport run(Disk disk, LogVisitor visitor) throws IOException {
        return new LogScan(disk, visitor).run();
    }

    /**
     * Where the log begins; read before anything else that is held against it, as trimming goes on.
     *
     * @return empty if there is no log
     * @throws IOException if it cannot be read now, or none of its segments has a header that can be
     */
    public static Optional<LogHead> head(Disk disk) throws IOException {
        SegmentChain chain = SegmentChain.of(disk);
        if (chain.links().isEmpty() && chain.brokenEnd().isPresent()) {
            throw new IOException("No segment of the log in " + disk + " can be read: "
                    + chain.brokenEnd().get().file() + ": "
                    + chain.brokenEnd().get().problem() + ". 'headgate log check' says more.");
        }
        List<SegmentChain.Link> links = chain.links();
        if (links.isEmpty()) {
            return Optional.empty();
        }
        SegmentHeader first = links.get(0).header();
        SegmentHeader last = links.get(links.size() - 1).header();
        return Optional.of(new LogHead(first.logId().toString(), first.firstPosition(), last.runs()));
    }

    /**
     * Reads all key files, oldest first.
     *
     * @return empty if there are none
     * @throws IOException if they cannot be read now
     */
    public static List<KeyFileReport> keys(Disk disk) throws IOException {
        Optional<UUID> id = head(disk).map(head -> UUID.fromString(head.logId()));
        List<KeyFileReport> reports = new ArrayList<>();
        for (String name :
                disk.list().stream().filter(LogFormat::isKeys).sorted().toList()) {
            try {
                reports.add(KeyFileReader.read(disk, name, id.orElse(null), (position, received, value) -> {}));
            } catch (CorruptLogException e) {
                reports.add(new KeyFileReport(name, 0, 0, 0, e.problem()));
            } catch (IOException e) {
                if (disk.list().contains(name)) {
                    throw e;
                }
            }
        }
        return reports;
    }

    private LogReport run() throws IOException {
        for (int restarts = 0; restarts < RESTARTS_MAX; restarts++) {
            if (readAll(SegmentChain.of(disk))) {
                return new LogReport(logId, firstPosition, position, segments, parked, counts, damage, damageCount);
            }
            visitor.trimmed();
            counts.clear();
            segments.clear();
            parked.clear();
            covered.clear();
            damage.clear();
            damageCount = 0;
        }
        throw new IOException("The log in " + disk + " was trimmed each of the " + RESTARTS_MAX
                + " times that it was read. Try again when it is less busy.");
    }

    /** False if a segment was trimmed before it was read; those before it were too, then. */
    private boolean readAll(SegmentChain chain) throws IOException {
        List<SegmentChain.Link> links = chain.links();
        if (links.isEmpty() && chain.brokenEnd().isEmpty()) {
            throw new NoSuchFileException(disk.toString(), null, "holds no log");
        }
        begin(links);
        if (!readParked()) {
            return false;
        }
        for (int i = 0; i < links.size() && wanted; i++) {
            SegmentHeader header = links.get(i).header();
            links.get(i).broken().ifPresent(broken -> missing(broken, header.firstPosition()));
            boolean closed = i + 1 < links.size() && links.get(i + 1).broken().isEmpty();
            if (!read(header, closed ? links.get(i + 1).header() : null)) {
                return false;
            }
        }
        chain.brokenEnd().ifPresent(broken -> missing(broken, Long.MAX_VALUE));
        return true;
    }

    private void begin(List<SegmentChain.Link> links) {
        if (!links.isEmpty()) {
            SegmentHeader first = links.get(0).header();
            logId = first.logId().toString();
            firstPosition = first.firstPosition();
            position = links.get(0).broken().isEmpty() ? firstPosition : 0;
        }
    }

    private void missing(SegmentChain.Break broken, long next) {
        add(new LogReport.Damage(broken.file(), 0, position, next, broken.problem()));
        position = next == Long.MAX_VALUE ? position : next;
    }

    private void add(LogReport.Damage found) {
        damageCount++;
        if (damage.size() < DAMAGE_MAX) {
            damage.add(found);
        }
    }

    private boolean read(SegmentHeader header, @Nullable SegmentHeader next) throws IOException {
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            return next == null
                    ? new FileScan(file, header, OptionalLong.empty(), file.sizeBytes(), segments).run()
                    : new FileScan(file, header, OptionalLong.of(next.firstPosition()), next.previousEnd(), segments)
                            .run();
        } catch (IOException e) {
            if (SegmentChain.isGone(disk, header)) {
                return false;
            }
            throw e;
        }
    }

    /** Reads all parked files; false if one went away. */
    private boolean readParked() throws IOException {
        long before = position;
        for (String name :
                disk.list().stream().filter(LogFormat::isParked).sorted().toList()) {
            try (DiskFile file = disk.openReadOnly(name)) {
                if (wanted && !readParked(file, ParkedHeader.read(file, name))) {
                    return false;
                }
            } catch (CorruptLogException e) {
                add(new LogReport.Damage(name, e.offset(), e.position(), Long.MAX_VALUE, e.problem()));
            } catch (IOException e) {
                if (disk.list().contains(name)) {
                    throw e;
                }
                return false;
            }
        }
        position = before;
        return true;
    }

    private boolean readParked(DiskFile file, ParkedHeader header) throws IOException {
        if (!header.logId().toString().equals(logId)) {
            add(new LogReport.Damage(
                    header.fileName(), 0, header.firstPosition(), header.endPosition(), "this file is of another log"));
            return true;
        }
        position = header.firstPosition();
        FileScan scan = new FileScan(file, header, OptionalLong.of(header.endPosition()), header.end(), parked);
        if (!scan.run()) {
            return false;
        }
        scan.tables.values().stream()
                .findFirst()
                .ifPresent(table -> covered.add(
                        new Covered(table.id(), new StreamRange(header.firstPosition(), header.endPosition()))));
        return true;
    }

    private boolean isParked(TableId table, long at) {
        return covered.stream()
                .anyMatch(parkedRange -> parkedRange.range.contains(at) && parkedRange.table.equals(table));
    }

    /** Reads one segment or parked file. */
    private final class FileScan {
        private final DiskFile file;
        private final GroupFile header;
        private final OptionalLong nextPosition;
        private final long end;
        private final List<LogReport.Segment> files;
        private final long start = position;
        private final Map<Integer, LoggedTable> tables = new HashMap<>();
        private final Map<Integer, LoggedSchema> schemas = new HashMap<>();
        private GroupReader group;
        private long groups;
        private int at = LogFormat.SEGMENT_HEADER_BYTES;

        /**
         * @param nextPosition the position that follows on this file, if that is known
         * @param end where its groups end, or at the most
         * @param files takes what was found
         */
        FileScan(DiskFile file, GroupFile header, OptionalLong nextPosition, long end, List<LogReport.Segment> files)
                throws IOException {
            this.file = file;
            this.header = header;
            this.nextPosition = nextPosition;
            this.end = end;
            this.files = files;
            this.group = new GroupReader(file, header);
        }

        /** False if the file went away. */
        boolean run() throws IOException {
            boolean more = true;
            while (more && wanted && at < end) {
                if (isGroup(group, at) || isGroupNow()) {
                    deliver();
                } else {
                    OptionalInt later = laterGroup();
                    if (later.isPresent() && isGroupNow()) {
                        continue; // it was being written
                    }
                    if (SegmentChain.isGone(disk, header)) {
                        return false;
                    }
                    more = skipped(later);
                }
            }
            if (wanted && nextPosition.isPresent() && (at != end || position != nextPosition.getAsLong())) {
                damaged(nextPosition.getAsLong(), "what comes next does not follow on what is here");
            }
            files.add(new LogReport.Segment(header.fileName(), file.sizeBytes(), start, position, groups, at));
            return true;
        }

        private boolean isGroup(GroupReader reader, int offset) throws IOException {
            return reader.read(offset) && reader.firstPosition() == position;
        }

        /** Looks past what was read ahead, which may be from before the group was written. */
        private boolean isGroupNow() throws IOException {
            group = new GroupReader(file, header);
            return isGroup(group, at);
        }

        private OptionalInt laterGroup() throws IOException {
            GroupReader reader = new GroupReader(file, header);
            for (int offset = at + LogFormat.UNIT_BYTES; offset < end; offset += LogFormat.UNIT_BYTES) {
                if (reader.read(offset) && (nextPosition.isEmpty() || reader.firstPosition() >= position)) {
                    return OptionalInt.of(offset);
                }
            }
            return OptionalInt.empty();
        }

        /** Goes on behind what is damaged; false if it is not, but the end. */
        private boolean skipped(OptionalInt later) throws IOException {
            if (later.isPresent()) {
                group = new GroupReader(file, header);
                group.read(later.getAsInt());
                damaged(
                        Math.max(position, group.firstPosition()),
                        "no valid group is here, but a later one is at offset " + later.getAsInt());
                at = later.getAsInt();
                return true;
            }
            if (nextPosition.isPresent()) {
                damaged(nextPosition.getAsLong(), "no valid group is here, but what comes next follows on more");
                at = (int) end;
                return true;
            }
            group = new GroupReader(file, header);
            boolean isValid = group.read(at);
            if (isValid && group.firstPosition() != position) {
                damaged(position, "a group is here that was written for another place");
                at += LogFormat.UNIT_BYTES;
            }
            return isValid;
        }

        private void damaged(long to, String problem) {
            add(new LogReport.Damage(header.fileName(), at, position, to, problem));
            position = to;
        }

        private void deliver() throws IOException {
            long after = group.nextPosition();
            EntryCursor entry = group.entries();
            try {
                while (wanted && entry.next()) {
                    visit(scanned(entry));
                }
            } catch (CorruptLogException e) {
                add(new LogReport.Damage(header.fileName(), e.offset(), position, after, e.problem()));
            }
            groups++;
            position = after;
            at = group.nextOffset();
        }

        private void visit(ScannedEntry entry) throws IOException {
            boolean again = files == segments
                    && entry.rows().isPresent()
                    && entry.table()
                            .filter(of -> isParked(of.id(), entry.position()))
                            .isPresent();
            if (!again) {
                counts.merge(entry.kind(), 1L, Long::sum);
                wanted = visitor.entry(entry);
            }
        }

        private ScannedEntry scanned(EntryCursor entry) throws CorruptLogException {
            EntryKind kind = EntryKind.of(entry.kind());
            declare(kind, entry);
            Optional<LoggedSchema> schema = Optional.ofNullable(schemas.get(entry.schemaId()));
            Optional<LogEntry> rows = Optional.empty();
            if (kind == EntryKind.ROWS && schema.isPresent()) {
                rows = Optional.of(entry.rows(schema.get()));
            }
            boolean ofTable = kind != EntryKind.ABSENT && kind != EntryKind.UNKNOWN;
            LoggedTable table = ofTable ? tables.get(entry.tableOrdinal()) : null;
            return new ScannedEntry(
                    header.fileName(),
                    entry.offset(),
                    kind,
                    entry.position(),
                    entry.schemaId(),
                    entry.rowCount(),
                    entry.length(),
                    Optional.ofNullable(table),
                    note(kind, entry, table),
                    rows);
        }

        private static Optional<Note> note(EntryKind kind, EntryCursor entry, @Nullable LoggedTable table)
                throws CorruptLogException {
            boolean isNote = kind == EntryKind.COMMITTED || kind == EntryKind.ABANDONED;
            return isNote && table != null ? Optional.of(entry.note(table)) : Optional.empty();
        }

        private void declare(EntryKind kind, EntryCursor entry) throws CorruptLogException {
            if (kind == EntryKind.TABLE) {
                tables.put(entry.tableOrdinal(), entry.table());
            }
            LoggedTable table = tables.get(entry.tableOrdinal());
            if (kind == EntryKind.SCHEMA && table != null) {
                schemas.put(entry.schemaId(), new LoggedSchema(table, entry.schemaJson()));
            }
        }
    }
}
