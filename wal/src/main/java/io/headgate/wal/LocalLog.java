package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.EntryConsumer;
import io.headgate.batching.GroupListener;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.batching.StreamLog;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The {@link StreamLog} on one local disk. Its files are described in {@code docs/LOG-FORMAT.md}, its way back from a crash in
 * {@link Recovery}. Two threads work for it: {@code headgate-log-writer} ({@link LogWriter}) and
 * {@code headgate-log-preallocator} ({@link Preallocator}). Neither may be interrupted.
 */
public final class LocalLog implements StreamLog {
    private static final long RETRY_MILLIS = 1000;
    // Key files become needless by time alone.
    private static final long IDLE_MILLIS = 60_000;
    private static final int WHERE_BYTES_MAX = 1024;

    private final Disk disk;
    private final Closeable lock;
    private final boolean threaded;
    private final LogSettings settings;
    private final LogMetrics metrics;
    private final Consumer<Throwable> onFatal;
    private final Segments segments;
    private final Spares spares;
    private final Intake intake;
    private final ParkedFiles parked;
    private final Parker parker;
    private final KeyFiles keys;
    private final Notes notes;
    private final LogWriter writer;
    private final Preallocator preallocator;
    private final Signal work = new Signal();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final String id;
    private final List<LogRun> runs;
    private final CountDownLatch writerEnded = new CountDownLatch(1);
    private final CountDownLatch preallocatorEnded = new CountDownLatch(1);
    private volatile @Nullable GroupListener listener;
    private volatile boolean closing;

    private LocalLog(
            Disk disk,
            Closeable lock,
            LogSettings settings,
            LogMetrics metrics,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoTime,
            boolean threaded,
            RecoveryConsumer recovered,
            Consumer<Throwable> onFatal)
            throws IOException {
        this.keys = new KeyFiles(disk, settings.keys(), metrics, clock);
        Recovery.Recovered log = Recovery.run(disk, settings, random, keys, recovered);
        ActiveSegment active = log.active();
        this.disk = disk;
        this.lock = lock;
        this.threaded = threaded;
        this.settings = settings;
        this.metrics = metrics;
        this.onFatal = onFatal;
        this.id = active.header().logId().toString();
        this.runs = active.header().runs();
        this.segments = log.segments();
        this.notes = log.notes();
        this.parked = log.parked();
        this.parker = new Parker(
                disk, settings, segments, parked, active.header().logId(), log.lastParked(), random, this::report);
        this.spares = log.spares();
        this.intake = new Intake(new RoomPlan(
                settings.segmentBytes(),
                settings.maxEntryBytes(),
                active.leftBytes(),
                active.segment().declarations.copy(),
                notes::bytesAlone));
        for (int i = 0; i < spares.count(); i++) {
            intake.spareReady();
        }
        intake.forNotesAlone(segments.sizeBytes() + spares.sizeBytes() > settings.maxBytes() - settings.segmentBytes());
        this.writer = new LogWriter(
                disk,
                settings,
                intake,
                segments,
                spares,
                metrics,
                random,
                nanoTime,
                new NoteWriter(notes, segments, parked, nanoTime, settings.groupBytes()),
                work::raise,
                active,
                log.nextPosition());
        this.preallocator =
                new Preallocator(disk, settings, intake, segments, parked, keys, spares, metrics, () -> closing);
    }

    /**
     * Opens the log on {@code disk}, or begins one if there is none. Takes the disk for this process, and delivers every
     * entry that the log holds, once. What is delivered is durable, and may be acted upon, once this returns.
     *
     * @param recovered takes the entries
     * @param onFatal told once, on whatever thread met it, why the log can never again keep its promise; the process must
     *     end. It may close the log, and need not return
     * @throws CorruptLogException if a file holds what no crash can leave there
     * @throws LogInUseException if another process has the disk
     * @throws IOException if the disk is full, or fails
     */
    public static LocalLog open(
            Disk disk,
            LogSettings settings,
            LogMetrics metrics,
            RecoveryConsumer recovered,
            Consumer<Throwable> onFatal)
            throws IOException {
        return open(
                disk,
                settings,
                metrics,
                new SecureRandom(),
                InstantSource.system(),
                System::nanoTime,
                true,
                recovered,
                onFatal);
    }

    /**
     * Opens a log in which nothing happens by itself once it is started, but only in {@link #stepWriter},
     * {@link #stepPreallocator} and, for what was accepted, {@link #close}: for simulations that one seed drives.
     *
     * @param random makes the log's id and its segments' tags
     * @param clock tells how old a key is
     * @param nanoTime as {@link System#nanoTime}
     */
    public static LocalLog openStepwise(
            Disk disk,
            LogSettings settings,
            LogMetrics metrics,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoTime,
            RecoveryConsumer recovered,
            Consumer<Throwable> onFatal)
            throws IOException {
        return open(disk, settings, metrics, random, clock, nanoTime, false, recovered, onFatal);
    }

    private static LocalLog open(
            Disk disk,
            LogSettings settings,
            LogMetrics metrics,
            RandomGenerator random,
            InstantSource clock,
            LongSupplier nanoTime,
            boolean threaded,
            RecoveryConsumer recovered,
            Consumer<Throwable> onFatal)
            throws IOException {
        try {
            Closeable lock = disk.lock();
            try {
                return new LocalLog(
                        disk, lock, settings, metrics, random, clock, nanoTime, threaded, recovered, onFatal);
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (CorruptLogException | LogInUseException e) {
            throw e;
        } catch (IOException e) {
            // The disk's own words are often no more than "No space left on device".
            throw new IOException(
                    "The log in " + disk + " could not be opened: " + e
                            + ". It keeps all that was acknowledged. See to its disk, which needs room for two segments"
                            + " of " + settings.segmentBytes() + " bytes, and start again.",
                    e);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<LogRun> runs() {
        return runs;
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        checkForced(position);
        if (position > 0) {
            notes.add(Note.committed(table, position, rows));
        }
        if (parked.letGo(table.id(), position)) {
            intake.nudge();
            work.raise();
        }
    }

    /**
     * Notes that an operator gave up a table's rows below {@code position}. For a log that is open and not started; blocks
     * until the note is durable. If this fails, the next start tells whether it is.
     *
     * @param where to what place the rows were exported, at most 1,024 bytes in UTF-8
     * @throws IOException if there is no room for the note, or the disk fails
     */
    public void abandon(LoggedTable table, long position, String where) throws IOException {
        checkForced(position);
        if (listener != null || closed.get()) {
            throw new IllegalStateException("Rows are abandoned in a log that is open and not started");
        }
        Note note = Note.abandoned(table, position, where);
        if (note.whereBytes().length > WHERE_BYTES_MAX) {
            throw new IllegalArgumentException("The place is longer than " + WHERE_BYTES_MAX + " bytes: " + where);
        }
        notes.add(note);
        while (notes.isChanged()) {
            boolean written = writer.forceNotes(true);
            if (!written && notes.isChanged() && preallocator.step() != Preallocator.Step.WORKED) {
                throw new IOException("The log has no room to note that rows of " + table.name() + " are abandoned: "
                        + preallocator.problem().orElse(""));
            }
        }
    }

    @Override
    public long park(LoggedTable table, long from) throws IOException {
        if (closed.get() || failed.get()) {
            throw new IOException("The log is closed: nothing can be parked in it any more");
        }
        return parker.park(table, from);
    }

    @Override
    public long parkedBytes() {
        return parked.sizeBytes();
    }

    /** Bytes that key files occupy, beside all else. Any thread. */
    public long keyBytes() {
        return keys.sizeBytes();
    }

    @Override
    public void start(GroupListener groupListener) {
        if (listener != null) {
            throw new IllegalStateException("The log was started before");
        }
        listener = groupListener;
        intake.open();
        if (threaded) {
            startThread("headgate-log-writer", this::write, writerEnded);
            startThread("headgate-log-preallocator", this::preallocate, preallocatorEnded);
        }
    }

    private interface Loop {
        void run() throws IOException;
    }

    private void startThread(String name, Loop loop, CountDownLatch ended) {
        Thread thread = new Thread(
                () -> {
                    boolean first = false;
                    Throwable cause = null;
                    try {
                        loop.run();
                    } catch (IOException | RuntimeException | Error e) {
                        cause = e;
                        first = fail();
                    }
                    // Before the report, which may wait in here for the log to be closed.
                    ended.countDown();
                    if (first && cause != null) {
                        onFatal.accept(cause);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void write() throws IOException {
        GroupListener to = started();
        LogWriter.Step step = LogWriter.Step.IDLE;
        while (step != LogWriter.Step.DONE && !failed.get()) {
            step = writer.step(to);
            if (step == LogWriter.Step.IDLE) {
                intake.awaitWork();
            }
        }
    }

    private void preallocate() throws IOException {
        while (!closing && !failed.get()) {
            switch (preallocator.step()) {
                case WORKED -> {}
                case IDLE -> work.await(IDLE_MILLIS);
                case BLOCKED -> work.await(RETRY_MILLIS);
            }
        }
    }

    /** Writes, forces and hands back at most one group; false if none was waiting. Only after {@link #openStepwise}. */
    public boolean stepWriter() {
        try {
            return !failed.get() && writer.step(started()) == LogWriter.Step.FORCED;
        } catch (IOException | RuntimeException | Error e) {
            report(e);
            return false;
        }
    }

    /**
     * Frees at most one trimmed segment, or prepares at most one spare; false if nothing was to be done or could be.
     * Only after {@link #openStepwise}.
     */
    public boolean stepPreallocator() {
        try {
            return !failed.get() && preallocator.step() == Preallocator.Step.WORKED;
        } catch (IOException | RuntimeException | Error e) {
            report(e);
            return false;
        }
    }

    private GroupListener started() {
        GroupListener started = listener;
        if (started == null) {
            throw new IllegalStateException("The log was not started");
        }
        return started;
    }

    private void report(Throwable cause) {
        if (fail()) {
            onFatal.accept(cause);
        }
    }

    /** Stops everything; true for the first to fail. */
    private boolean fail() {
        boolean first = failed.compareAndSet(false, true);
        intake.close();
        work.raise();
        return first;
    }

    @Override
    public int sizeOf(Append append) {
        return LogFormat.entryBytes(append);
    }

    @Override
    public Offer offer(Append append) {
        int bytes = sizeOf(append);
        if (bytes > settings.maxEntryBytes()) {
            throw new IllegalArgumentException(
                    "An entry of " + bytes + " bytes was offered to the log: the largest is limits.max-entry-bytes, "
                            + settings.maxEntryBytes());
        }
        Offer outcome = intake.offer(append, bytes);
        if (outcome == Offer.NO_ROOM) {
            metrics.refused();
        }
        return outcome;
    }

    @Override
    public long firstPosition() {
        return segments.firstPosition();
    }

    @Override
    public long forcedPosition() {
        return writer.forcedPosition();
    }

    @Override
    public long read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException {
        checkForced(range.to());
        try {
            return new LogReader(disk, table, consumer).read(range, segments, parked);
        } finally {
            work.raise();
        }
    }

    @Override
    public void trim(long position) {
        checkForced(position);
        segments.trim(position);
        intake.nudge();
        work.raise();
    }

    private void checkForced(long position) {
        if (position > forcedPosition()) {
            throw new IllegalArgumentException(
                    "Position " + position + " is beyond the last forced one, " + forcedPosition());
        }
    }

    @Override
    public long sizeBytes() {
        return segments.sizeBytes() + spares.sizeBytes();
    }

    /** How the log stands. Any thread. */
    public LogState state() {
        Optional<String> problem = Optional.empty();
        if (!intake.takesAny()) {
            problem = preallocator.problem().or(() -> Optional.of("The log's next segment is still being prepared."));
        }
        return new LogState(problem, sizeBytes(), segments.count(), intake.readySpares());
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        intake.close();
        finishWriting();
        closing = true;
        work.raise();
        if (threaded && listener != null) {
            await(preallocatorEnded);
        }
        try (lock;
                spares) {
            if (failed.get()) {
                writer.abandon();
            } else {
                writer.close();
            }
        }
    }

    private void finishWriting() {
        if (listener == null) {
            return;
        }
        if (threaded) {
            await(writerEnded);
            return;
        }
        while (stepWriter()) {
            // Each step hands back one group.
        }
    }

    private static void await(CountDownLatch ended) {
        boolean interrupted = false;
        boolean done = false;
        while (!done) {
            try {
                ended.await();
                done = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
