package io.headgate.wal;

import io.headgate.batching.LogRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** What a segment says about itself; the fields are explained in {@code docs/LOG-FORMAT.md}. */
record SegmentHeader(
        UUID logId, long number, long base, long firstPosition, int previousEnd, long tag, List<LogRun> runs)
        implements GroupFile {
    /** How many runs a log remembers, the present one included. */
    static final int RUNS_MAX = 16;

    private static final int RUNS_OFFSET = 64;

    SegmentHeader {
        runs = List.copyOf(runs);
    }

    /** With a new run behind the earlier ones, the oldest of which may have to be forgotten. */
    SegmentHeader withRun(long id, long from) {
        List<LogRun> more = new ArrayList<>(runs);
        more.add(new LogRun(HexFormat.of().toHexDigits(id), from));
        List<LogRun> kept = more.subList(Math.max(0, more.size() - RUNS_MAX), more.size());
        return new SegmentHeader(logId, number, base, firstPosition, previousEnd, tag, kept);
    }

    @Override
    public String fileName() {
        return LogFormat.segmentName(number);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(LogFormat.MAGIC).putInt(LogFormat.VERSION).putInt(previousEnd);
        bytes.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        bytes.putLong(number).putLong(base).putLong(firstPosition).putLong(tag);
        bytes.putInt(runs.size()).putInt(0);
        for (LogRun run : runs) {
            bytes.putLong(Long.parseUnsignedLong(run.id(), 16)).putLong(run.from());
        }
        return HeaderChecksum.seal(bytes);
    }

    /** Reads the header of a file and holds it against the file's name. */
    static SegmentHeader read(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = HeaderChecksum.read(file, name, LogFormat.MAGIC);
        int previousEnd = bytes.getInt();
        UUID logId = new UUID(bytes.getLong(), bytes.getLong());
        SegmentHeader header = new SegmentHeader(
                logId, bytes.getLong(), bytes.getLong(), bytes.getLong(), previousEnd, bytes.getLong(), runs(bytes));
        if (header.number != LogFormat.numberIn(name)) {
            throw new CorruptLogException(
                    name, 0, header.firstPosition, "the segment's header says that it is number " + header.number);
        }
        return header;
    }

    private static List<LogRun> runs(ByteBuffer bytes) {
        int count = bytes.getInt(RUNS_OFFSET);
        bytes.position(RUNS_OFFSET + Long.BYTES);
        List<LogRun> runs = new ArrayList<>();
        for (int i = 0; i < Math.min(count, RUNS_MAX); i++) {
            runs.add(new LogRun(HexFormat.of().toHexDigits(bytes.getLong()), bytes.getLong()));
        }
        return runs;
    }
}
