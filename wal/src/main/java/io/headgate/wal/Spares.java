package io.headgate.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Files made ready to become segments: every byte was written and forced, as zeros or in an earlier use as a segment, so
 * that writing to them again allocates nothing.
 */
final class Spares implements Closeable {
    private static final int PIECE_BYTES = 1024 * 1024;
    // A force of much more at once would hold up the log's own forces.
    private static final int FORCE_BYTES = 4 * PIECE_BYTES;

    /** An open file of zeros, or of anything. */
    record Spare(String name, DiskFile file, long sizeBytes) {}

    private final Disk disk;
    private final int spareBytes;
    private final Deque<Spare> ready = new ArrayDeque<>();
    private long lastNumber;
    private long unfinished;

    private Spares(Disk disk, int spareBytes) {
        this.disk = disk;
        this.spareBytes = spareBytes;
    }

    /** Takes over the spares of an earlier run where they have the right size; deletes other left-overs. */
    static Spares found(Disk disk, List<String> names, int spareBytes) throws IOException {
        Spares spares = new Spares(disk, spareBytes);
        for (String name : names) {
            if (LogFormat.isPreparing(name)) {
                disk.delete(name);
            } else if (LogFormat.isSpare(name)) {
                spares.lastNumber = Math.max(spares.lastNumber, LogFormat.numberIn(name));
                spares.adopt(name);
            }
        }
        return spares;
    }

    private void adopt(String name) throws IOException {
        DiskFile file = disk.open(name);
        if (file.sizeBytes() == spareBytes) {
            add(new Spare(name, file, spareBytes));
        } else {
            file.close();
            disk.delete(name);
        }
    }

    synchronized void add(Spare spare) {
        ready.add(spare);
    }

    synchronized int count() {
        return ready.size();
    }

    synchronized long sizeBytes() {
        return (long) ready.size() * spareBytes;
    }

    /** The spare to use next, known to be there. It counts as a spare until it is {@link #taken}. */
    synchronized Spare next() {
        return ready.element();
    }

    /** The next spare has become a segment. */
    synchronized void taken() {
        ready.remove();
    }

    /** Takes a spare of that size, or makes one. */
    Spare takeOrPrepare(long sizeBytes) throws IOException {
        if (count() > 0 && sizeBytes == spareBytes) {
            Spare spare = next();
            taken();
            return spare;
        }
        return Objects.requireNonNull(prepare(sizeBytes, () -> false), "Nobody cancels this");
    }

    /**
     * Makes a spare, which is not counted as ready yet. One caller at a time. What a failed or cancelled attempt left is
     * for {@link #discardUnfinished}.
     *
     * @return null if cancelled
     */
    @Nullable
    Spare prepare(long sizeBytes, BooleanSupplier cancelled) throws IOException {
        discardUnfinished();
        unfinished = ++lastNumber;
        DiskFile file = disk.create(LogFormat.preparingName(lastNumber));
        try {
            if (fill(file, sizeBytes, cancelled)) {
                disk.rename(LogFormat.preparingName(lastNumber), LogFormat.spareName(lastNumber));
                unfinished = 0;
                return new Spare(LogFormat.spareName(lastNumber), file, sizeBytes);
            }
            return null;
        } finally {
            if (unfinished != 0) {
                file.close();
            }
        }
    }

    /** Makes a spare of a segment that nobody needs; known to be one once the directory is forced. */
    Spare recycle(String segment) throws IOException {
        discardUnfinished();
        unfinished = ++lastNumber;
        String name = LogFormat.spareName(lastNumber);
        disk.rename(segment, name);
        Spare spare = new Spare(name, disk.open(name), spareBytes);
        unfinished = 0;
        return spare;
    }

    private boolean fill(DiskFile file, long sizeBytes, BooleanSupplier cancelled) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, sizeBytes));
        for (long at = 0; at < sizeBytes; at += PIECE_BYTES) {
            if (cancelled.getAsBoolean()) {
                return false;
            }
            file.write(zeros.clear().limit((int) Math.min(PIECE_BYTES, sizeBytes - at)), at);
            if ((at + PIECE_BYTES) % FORCE_BYTES == 0) {
                file.force();
            }
        }
        file.force();
        return true;
    }

    /** Gives back the bytes of an attempt that came to nothing; does nothing if there is none. */
    void discardUnfinished() throws IOException {
        if (unfinished != 0) {
            disk.delete(LogFormat.preparingName(unfinished));
            // A rename that failed may have happened all the same.
            disk.delete(LogFormat.spareName(unfinished));
            unfinished = 0;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        while (!ready.isEmpty()) {
            ready.remove().file().close();
        }
    }
}
