package io.headgate.wal;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Keeps spares ready ahead of need, and makes trimmed segments spares or deletes them, once their keys are in a file. One spare more is kept of these than
 * would be prepared, so that a log that is trimmed as fast as it grows writes no zeros. It is the only one to meet a full disk or
 * {@code log.max-bytes}: it says so and tries again later, while appends are refused for want of room. Driven by one
 * thread, or step by step.
 */
final class Preallocator {
    /** What a step came to. */
    enum Step {
        /** Something was done. */
        WORKED,
        /** Nothing is to be done. */
        IDLE,
        /** Something is to be done and cannot be now. */
        BLOCKED
    }

    private final Disk disk;
    private final LogSettings settings;
    private final Intake intake;
    private final Segments segments;
    private final ParkedFiles parked;
    private final KeyFiles keys;
    private final Spares spares;
    private final LogMetrics metrics;
    private final BooleanSupplier cancelled;
    private boolean mayRecycle = true;
    private volatile Optional<String> problem = Optional.empty();

    Preallocator(
            Disk disk,
            LogSettings settings,
            Intake intake,
            Segments segments,
            ParkedFiles parked,
            KeyFiles keys,
            Spares spares,
            LogMetrics metrics,
            BooleanSupplier cancelled) {
        this.disk = disk;
        this.settings = settings;
        this.intake = intake;
        this.segments = segments;
        this.parked = parked;
        this.keys = keys;
        this.spares = spares;
        this.metrics = metrics;
        this.cancelled = cancelled;
    }

    /** What stands in the way of the next spare. */
    Optional<String> problem() {
        return problem;
    }

    /** Frees at most one segment, parked file or key file, or prepares at most one spare. Whatever it throws is the end of this log. */
    Step step() throws IOException {
        intake.forNotesAlone(isFreeOneInUse());
        Segment old = segments.deletable();
        if (old != null && keys.keep(old) && freed(old)) {
            return Step.WORKED;
        }
        ParkedFile needless = parked.deletable();
        if (needless != null && deleted(needless)) {
            return Step.WORKED;
        }
        if (keys.deletedOne()) {
            return Step.WORKED;
        }
        if (intake.readySpares() >= settings.spareSegments()) {
            clear();
            return old == null && needless == null ? Step.IDLE : Step.BLOCKED;
        }
        return prepared() ? Step.WORKED : Step.BLOCKED;
    }

    private boolean freed(Segment old) throws IOException {
        Spares.Spare spare = null;
        try {
            if (isWanted(old)) {
                mayRecycle = false;
                spare = spares.recycle(old.fileName);
            } else {
                spares.discardUnfinished();
                disk.delete(old.fileName);
            }
        } catch (IOException e) {
            metrics.retrying(
                    LogMetrics.Chore.DELETE,
                    "Segment " + old.fileName + " of the log is no longer needed and could not be deleted: " + e);
            return false;
        }
        // Must be durable before the next one goes, or a crash could bring this one back behind a gap. If that fails
        // nothing is known about the directory, so the failure is final, as that of any force.
        disk.forceDirectory();
        mayRecycle = true;
        if (spare != null) {
            spares.add(spare);
            intake.spareReady();
        }
        segments.deleted();
        intake.forNotesAlone(isFreeOneInUse());
        metrics.unhindered(LogMetrics.Chore.DELETE);
        return true;
    }

    // Not durably: what it held is noted, so that it may come back.
    private boolean deleted(ParkedFile needless) {
        try {
            disk.delete(needless.file().fileName);
        } catch (IOException e) {
            metrics.retrying(
                    LogMetrics.Chore.DELETE,
                    "File " + needless.file().fileName + " of the log is no longer needed and could not be deleted: "
                            + e);
            return false;
        }
        parked.deleted();
        metrics.unhindered(LogMetrics.Chore.DELETE);
        return true;
    }

    // A rename that failed may have happened: the segment is then deleted under either name.
    private boolean isWanted(Segment old) throws IOException {
        long segmentBytes = settings.segmentBytes();
        return mayRecycle
                && old.sizeBytes == segmentBytes
                && intake.readySpares() <= settings.spareSegments()
                && !isFreeOneInUse()
                && disk.usableBytes() >= segmentBytes;
    }

    private boolean prepared() throws IOException {
        try {
            Optional<String> obstacle = whyNot();
            if (obstacle.isPresent()) {
                hindered(obstacle.get());
                return false;
            }
            Spares.Spare spare = spares.prepare(settings.segmentBytes(), cancelled);
            if (spare == null) {
                spares.discardUnfinished();
                return false;
            }
            spares.add(spare);
            intake.forNotesAlone(isFreeOneInUse());
            intake.spareReady();
            clear();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void failed(IOException cause) {
        hindered("The log could not prepare its next segment: " + cause
                + ". It tries again every second; see to the log's disk.");
        try {
            spares.discardUnfinished();
        } catch (IOException e) {
            metrics.retrying(LogMetrics.Chore.PREPARE, "A half-prepared segment could not be deleted: " + e);
        }
    }

    private void hindered(String why) {
        problem = Optional.of(why);
        metrics.retrying(LogMetrics.Chore.PREPARE, why);
    }

    private void clear() {
        problem = Optional.empty();
        metrics.unhindered(LogMetrics.Chore.PREPARE);
    }

    private long heldBytes() {
        return segments.sizeBytes() + spares.sizeBytes();
    }

    private boolean isFreeOneInUse() {
        return heldBytes() > settings.maxBytes() - settings.segmentBytes();
    }

    private Optional<String> whyNot() throws IOException {
        long segmentBytes = settings.segmentBytes();
        long held = heldBytes();
        // Notes without room may keep a segment from being deleted: the free one is theirs until that is done.
        boolean forNotes = intake.readySpares() == 0 && segments.waitForNotes();
        if (!forNotes && held + segmentBytes > settings.maxBytes() - segmentBytes) {
            return Optional.of("The log is full: it takes " + held + " bytes, and one segment of " + segmentBytes
                    + " must stay free of log.max-bytes, " + settings.maxBytes()
                    + ". It has room again once rows are committed to their tables; find the table that is not.");
        }
        long usable = disk.usableBytes();
        if (usable < (forNotes ? 1 : 2) * segmentBytes) {
            return Optional.of("The log's disk is full: " + usable + " bytes are free, and two segments of "
                    + segmentBytes + " are needed, one of which stays free for recovery. Make room on it.");
        }
        return Optional.empty();
    }
}
