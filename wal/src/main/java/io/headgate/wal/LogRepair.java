package io.headgate.wal;

import io.headgate.batching.LogRun;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a damaged log usable again without what is damaged, for a log that no process has open. One file after the other:
 * each damaged range is exported, durably, and then the file is replaced by one that has all good groups at their places
 * and says of the other positions that they are absent. No position is used again. A crash leaves each file as it was or
 * repaired; running it again goes on.
 *
 * <ul>
 *   <li>A header that is lost is made up again from its neighbours, if the first group of the file is whole.
 *   <li>A segment that is missing, or whose header and first group are lost, becomes one without entries. The oldest is
 *       deleted instead. Of the last one nobody knows how many positions it took: as many are absent as fit.
 *   <li>A parked file without a header is exported as a whole and deleted.
 *   <li>Of a damaged key file the keys stay that can be read.
 *   <li>What ends the last segment may be torn or damaged, and nobody can tell: it is left to recovery, which cuts it.
 * </ul>
 */
public final class LogRepair {
    private static final int FILES_MAX = 1_000_000;

    private final Disk disk;
    private final RepairExports exports;
    private List<Found> segments = new ArrayList<>();
    private @Nullable SegmentHeader known;

    /** A segment file, and its header if it has one. */
    private record Found(String name, @Nullable SegmentHeader header) {
        long number() {
            return LogFormat.numberIn(name);
        }
    }

    private LogRepair(Disk disk, Disk exports) {
        this.disk = disk;
        this.exports = new RepairExports(exports);
    }

    /**
     * Repairs what is damaged, and changes nothing if nothing is.
     *
     * @param disk the log's directory; locked meanwhile
     * @param exports the directory that takes what is damaged
     * @return what was given up, oldest first in each file
     * @throws LogInUseException if a process has the log open
     * @throws CorruptLogException if a file is of another version of the format, which is no damage
     * @throws IOException if a disk fails or is full, or if nothing is left to tell what the log was
     */
    public static List<RepairedRange> run(Disk disk, Disk exports) throws IOException {
        Closeable lock = disk.lock();
        try {
            return new LogRepair(disk, exports).run();
        } finally {
            lock.close();
        }
    }

    private List<RepairedRange> run() throws IOException {
        boolean more = true;
        for (int i = 0; more && i < FILES_MAX; i++) {
            more = repairOne();
        }
        return exports.ranges();
    }

    /** Repairs the first file that needs it; false if none does. */
    private boolean repairOne() throws IOException {
        for (String name : disk.list()) {
            if (LogFormat.isPreparing(name)) {
                disk.delete(name);
            }
        }
        find();
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).header() == null) {
                restoreHeader(i);
                return true;
            }
        }
        for (int i = 1; i < segments.size(); i++) {
            if (header(i).base() - 1 != header(i - 1).number()) {
                fillGap(i);
                return true;
            }
        }
        for (int i = 0; i < segments.size(); i++) {
            if (repaired(i)) {
                return true;
            }
        }
        return parkedRepaired() || keysRepaired();
    }

    private SegmentHeader header(int index) {
        SegmentHeader header = segments.get(index).header();
        if (header == null) {
            throw new IllegalStateException("All headers are restored by now");
        }
        return header;
    }

    /** The segments that are not void, oldest first. */
    private void find() throws IOException {
        segments = new ArrayList<>();
        known = null;
        long base = Long.MAX_VALUE;
        List<String> newestFirst = disk.list().stream()
                .filter(LogFormat::isSegment)
                .sorted((a, b) -> b.compareTo(a))
                .toList();
        for (String name : newestFirst) {
            if (LogFormat.numberIn(name) < base) {
                SegmentHeader header = headerOf(name);
                segments.add(0, new Found(name, header));
                base = header == null ? base : header.base();
            }
        }
        if (known == null && !segments.isEmpty()) {
            throw new IOException(
                    "The log in " + disk + " cannot be repaired: no segment has a header that tells what"
                            + " log it is. Nothing was changed. Keep a copy of the directory; a new log has to begin elsewhere.");
        }
    }

    /** Null if it is lost, or of another log than the newest one that is not. */
    private @Nullable SegmentHeader headerOf(String name) throws IOException {
        try (DiskFile file = disk.openReadOnly(name)) {
            SegmentHeader header = SegmentHeader.read(file, name);
            SegmentHeader newest = known;
            known = newest == null ? header : newest;
            return newest == null || newest.logId().equals(header.logId()) ? header : null;
        } catch (CorruptLogException e) {
            if (e.problem().equals(CorruptLogException.UNKNOWN_FORMAT)) {
                throw e;
            }
            return null;
        }
    }

    private UUID logId() {
        return any().logId();
    }

    private SegmentHeader any() {
        SegmentHeader header = known;
        if (header == null) {
            throw new IllegalStateException("There is a header");
        }
        return header;
    }

    private void restoreHeader(int index) throws IOException {
        Found lost = segments.get(index);
        try (DiskFile file = disk.openReadOnly(lost.name())) {
            GroupReader first = firstGroup(file, lost);
            if (first != null) {
                restoreHeader(index, file, first);
            } else if (index == 0 && segments.size() > 1) {
                export(file, lost, -1, segments.get(1).header());
                delete(lost.name());
            } else {
                giveUp(index, file);
            }
        }
    }

    /** The group that the file begins with, if that is whole; its tag is the segment's. */
    private @Nullable GroupReader firstGroup(DiskFile file, Found lost) throws IOException {
        ByteBuffer tag = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(tag, LogFormat.SEGMENT_HEADER_BYTES + Long.BYTES);
        if (tag.hasRemaining()) {
            return null;
        }
        SegmentHeader made =
                new SegmentHeader(logId(), lost.number(), lost.number(), 0, 0, tag.getLong(0), any().runs());
        GroupReader group = new GroupReader(file, made);
        return group.read(LogFormat.SEGMENT_HEADER_BYTES) ? group : null;
    }

    private void restoreHeader(int index, DiskFile file, GroupReader first) throws IOException {
        Found lost = segments.get(index);
        Tail before = tail(index - 1, first.firstPosition());
        SegmentHeader restored = new SegmentHeader(
                logId(),
                lost.number(),
                index == 0 ? lost.number() : segments.get(index - 1).number() + 1,
                first.firstPosition(),
                before.end,
                first.tag(),
                runsBefore(index));
        exports.export(
                file,
                new RepairedRange(
                        lost.name(),
                        0,
                        LogFormat.SEGMENT_HEADER_BYTES,
                        first.firstPosition(),
                        first.firstPosition(),
                        "the header is lost; it was made up again",
                        ""),
                List.of());
        try (DiskFile draft = draft(lost.number())) {
            copy(file, draft);
            draft.write(restored.encode(), 0);
            publish(draft, lost.number());
        }
    }

    private List<LogRun> runsBefore(int index) {
        for (int i = index; i < segments.size(); i++) {
            SegmentHeader header = segments.get(i).header();
            if (header != null) {
                return header.runs().stream()
                        .filter(run -> run.from() <= header.firstPosition())
                        .toList();
            }
        }
        return any().runs();
    }

    /** Where a segment ends, and with what position. */
    private record Tail(int end, long position) {}

    /**
     * The end of a segment whose successor does not tell.
     *
     * @param next the position that the successor begins with: if there are fewer here, a group has to follow that says so
     */
    private Tail tail(int index, long next) throws IOException {
        if (index < 0) {
            return new Tail(0, next);
        }
        SegmentHeader header = header(index);
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            FileRepair walk = new FileRepair(
                    file, header, header.firstPosition(), file.sizeBytes(), OptionalLong.empty(), exports, null);
            walk.run();
            boolean isShort = walk.position() < next;
            return new Tail(walk.end() + (isShort ? LogFormat.UNIT_BYTES : 0), walk.position());
        }
    }

    /** Puts a segment without entries in the place of one that cannot be read. */
    private void giveUp(int index, DiskFile file) throws IOException {
        Found lost = segments.get(index);
        if (index == 0) {
            throw new IOException(
                    "The log in " + disk + " cannot be repaired: the header and the first group of its only"
                            + " segment are lost. Nothing was changed. Keep a copy of the directory; a new log has to begin"
                            + " elsewhere.");
        }
        SegmentHeader next =
                index + 1 < segments.size() ? segments.get(index + 1).header() : null;
        Tail before = tail(index - 1, 0);
        export(file, lost, before.position, next);
        long end = next == null ? 2L * LogFormat.SEGMENT_HEADER_BYTES : next.previousEnd();
        long endPosition =
                next == null ? before.position + file.sizeBytes() / LogFormat.ENTRY_HEADER_BYTES : next.firstPosition();
        writeAbsent(lost.number(), index - 1, before, (int) end, endPosition);
    }

    private void export(DiskFile file, Found lost, long from, @Nullable SegmentHeader next) throws IOException {
        exports.export(
                file,
                new RepairedRange(
                        lost.name(),
                        0,
                        file.sizeBytes(),
                        from,
                        next == null ? Long.MAX_VALUE : next.firstPosition(),
                        "the header is lost, and nothing in the file makes up for it",
                        ""),
                List.of());
    }

    /** Puts one segment without entries in the place of those that are missing. */
    private void fillGap(int index) throws IOException {
        SegmentHeader next = header(index);
        Tail before = tail(index - 1, 0);
        exports.missing(
                LogFormat.segmentName(next.base() - 1), before.position, next.firstPosition(), "the file is missing");
        writeAbsent(next.base() - 1, index - 1, before, next.previousEnd(), next.firstPosition());
    }

    private void writeAbsent(long number, int beforeIndex, Tail before, int end, long endPosition) throws IOException {
        SegmentHeader header = new SegmentHeader(
                logId(),
                number,
                segments.get(beforeIndex).number() + 1,
                before.position,
                before.end,
                number ^ endPosition,
                runsBefore(beforeIndex));
        try (DiskFile draft = draft(number)) {
            draft.write(header.encode(), 0);
            // All of it is bad then, and nothing of it is there to be exported.
            new FileRepair(draft, header, before.position, end, OptionalLong.of(endPosition), exports, draft)
                    .standInForAll();
            publish(draft, number);
        }
    }

    private boolean repaired(int index) throws IOException {
        SegmentHeader header = header(index);
        SegmentHeader next = index + 1 < segments.size() ? header(index + 1) : null;
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            long end = next == null ? file.sizeBytes() : next.previousEnd();
            OptionalLong endPosition = next == null ? OptionalLong.empty() : OptionalLong.of(next.firstPosition());
            return repaired(file, header, header.firstPosition(), end, endPosition, header.encode());
        }
    }

    private boolean parkedRepaired() throws IOException {
        for (String name :
                disk.list().stream().filter(LogFormat::isParked).sorted().toList()) {
            try (DiskFile file = disk.openReadOnly(name)) {
                ParkedHeader header = parkedHeader(file, name);
                if (header == null) {
                    return true;
                }
                OptionalLong endPosition = OptionalLong.of(header.endPosition());
                FileRepair walk =
                        new FileRepair(file, header, header.firstPosition(), header.end(), endPosition, exports, null);
                walk.run();
                if (!walk.hasTables()) {
                    exportAndDelete(file, name, header.firstPosition(), header.endPosition(), "all of it is damaged");
                    return true;
                }
                if (repaired(file, header, header.firstPosition(), header.end(), endPosition, header.encode())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Null if the file had none, and is gone by now. */
    private @Nullable ParkedHeader parkedHeader(DiskFile file, String name) throws IOException {
        String problem = "the file is of another log";
        try {
            ParkedHeader header = ParkedHeader.read(file, name);
            if (header.logId().equals(logId())) {
                return header;
            }
        } catch (CorruptLogException e) {
            if (e.problem().equals(CorruptLogException.UNKNOWN_FORMAT)) {
                throw e;
            }
            problem = e.problem();
        }
        exportAndDelete(file, name, -1, Long.MAX_VALUE, problem);
        return null;
    }

    private void exportAndDelete(DiskFile file, String name, long from, long to, String problem) throws IOException {
        exports.export(file, new RepairedRange(name, 0, file.sizeBytes(), from, to, problem, ""), List.of());
        delete(name);
    }

    private boolean keysRepaired() throws IOException {
        if (known == null) {
            return false; // there is no log
        }
        for (String name :
                disk.list().stream().filter(LogFormat::isKeys).sorted().toList()) {
            KeyFileReport report = KeyFileReader.read(disk, name, logId(), (position, received, value) -> {});
            if (!report.problem().isEmpty()) {
                repairKeys(name, report.problem());
                return true;
            }
        }
        return false;
    }

    private void repairKeys(String name, String problem) throws IOException {
        try (DiskFile file = disk.openReadOnly(name)) {
            exports.export(
                    file, new RepairedRange(name, 0, file.sizeBytes(), -1, Long.MAX_VALUE, problem, ""), List.of());
        }
        long number = LogFormat.numberIn(name);
        try (DiskFile draft = draft(number)) {
            KeyFileWriter good = new KeyFileWriter(draft, logId(), number);
            KeyFileReader.read(disk, name, logId(), good::add);
            good.finish();
            replace(number, name);
        }
    }

    private boolean repaired(
            DiskFile file, GroupFile header, long firstPosition, long end, OptionalLong endPosition, ByteBuffer encoded)
            throws IOException {
        if (!new FileRepair(file, header, firstPosition, end, endPosition, exports, null).run()) {
            return false;
        }
        try (DiskFile draft = draft(header.number())) {
            draft.write(encoded, 0);
            new FileRepair(file, header, firstPosition, end, endPosition, exports, draft).run();
            draft.force();
            replace(header.number(), header.fileName());
        }
        return true;
    }

    private DiskFile draft(long number) throws IOException {
        return disk.create(LogFormat.preparingName(number));
    }

    private void publish(DiskFile draft, long number) throws IOException {
        draft.force();
        replace(number, LogFormat.segmentName(number));
    }

    private void replace(long number, String name) throws IOException {
        disk.replace(LogFormat.preparingName(number), name);
        disk.forceDirectory();
    }

    private void delete(String name) throws IOException {
        disk.delete(name);
        disk.forceDirectory();
    }

    private static void copy(DiskFile from, DiskFile to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(1024 * 1024);
        long at = 0;
        int count = from.read(piece, at);
        while (count > 0) {
            to.write(piece.flip(), at);
            at += count;
            count = from.read(piece.clear(), at);
        }
    }
}
