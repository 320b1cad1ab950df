package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes damaged ranges to files of their own: some lines of text that say what it is, an empty line, then the bytes as
 * they were. A file is complete or not there. Not thread-safe.
 */
final class RepairExports {
    private static final int PIECE_BYTES = 1024 * 1024;
    private static final String DRAFT = "draft.partial";

    private final Disk directory;
    private final List<RepairedRange> ranges = new ArrayList<>();

    RepairExports(Disk directory) {
        this.directory = directory;
    }

    List<RepairedRange> ranges() {
        return ranges;
    }

    /** A range without bytes to keep. */
    void missing(String file, long from, long to, String problem) {
        ranges.add(new RepairedRange(file, 0, 0, from, to, problem, ""));
    }

    /**
     * Exports a range, durably.
     *
     * @param readable lines on what can be made out in it
     */
    void export(DiskFile source, RepairedRange range, List<String> readable) throws IOException {
        directory.delete(DRAFT);
        try (DiskFile file = directory.create(DRAFT)) {
            ByteBuffer head = ByteBuffer.wrap(head(range, readable).getBytes(UTF_8));
            long to = head.remaining();
            file.write(head, 0);
            copy(source, range, file, to);
            file.force();
        }
        String name = freeName(range);
        directory.rename(DRAFT, name);
        directory.forceDirectory();
        ranges.add(new RepairedRange(
                range.file(), range.offset(), range.bytes(), range.from(), range.to(), range.problem(), name));
    }

    private static String head(RepairedRange range, List<String> readable) {
        return "A damaged range of a Headgate log, as it was when 'headgate log repair' gave it up\n"
                + "file: " + range.file() + "\noffset: " + range.offset() + "\nbytes: " + range.bytes()
                + "\nfirst position: " + range.from() + "\nend position: " + range.to()
                + "\nproblem: " + range.problem() + "\n"
                + String.join(
                        "",
                        readable.stream()
                                .map(line -> "readable: " + line + "\n")
                                .toList())
                + "\n";
    }

    private static void copy(DiskFile source, RepairedRange range, DiskFile target, long at) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, Math.max(1, range.bytes())));
        long done = 0;
        while (done < range.bytes()) {
            piece.clear().limit((int) Math.min(piece.capacity(), range.bytes() - done));
            int count = source.read(piece, range.offset() + done);
            if (count == 0) {
                return; // the file ends before its groups should
            }
            target.write(piece.flip(), at + done);
            done += count;
        }
    }

    /** Never that of an earlier export. */
    private String freeName(RepairedRange range) throws IOException {
        List<String> taken = directory.list();
        String name = range.file() + "-" + range.offset();
        String free = name + ".damaged";
        for (int i = 2; taken.contains(free); i++) {
            free = name + "-" + i + ".damaged";
        }
        return free;
    }
}
