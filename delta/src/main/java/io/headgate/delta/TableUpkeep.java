package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.hook.PostCommitHook.PostCommitHookType;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.model.Outage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps one table's log short to read, off the path of its commits: a checksum file for each version we make and a
 * checkpoint every so many, one step at a time. Nothing here decides what is in the table: a step that fails, is
 * overtaken by a later commit or never runs is made up for by the next.
 *
 * <p>A chain of snapshots, each made by the commit on the one before, never learns of checkpoints and holds on to every
 * commit since it was loaded; and one that started without a checksum never gets one by itself. After a checkpoint or a
 * computed checksum the table is therefore loaded again, and that snapshot takes the place of the equal one in the
 * chain.
 */
final class TableUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(TableUpkeep.class);

    /** Beyond this many waiting steps the oldest goes: its version lacks a checksum, and readers use an older one. */
    private static final int STEPS_MAX = 16;

    /**
     * How far wall time may be from the last commit's for log clean-up to be trusted with it. Steps run seconds after
     * a commit; a clock that is years ahead would delete all history that time travel needs.
     */
    private static final Duration CLOCK_SKEW_MAX = Duration.ofHours(1);

    private final Path location;
    private final String appId;
    private final TableLoader loader;
    private final InstantSource clock;
    private final Executor executor;
    private final AtomicLong failures;
    private final Outage outage;

    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean running;
    private boolean reloadDue;
    private @Nullable DeltaSnapshot newest;
    private long reloadTriedFor = -1;
    private @Nullable DeltaSnapshot reloaded;

    /**
     * @param appId what our transactions on the table are called
     * @param nanoTime as {@link System#nanoTime()}
     * @param failures counts the steps that failed or were given up
     */
    TableUpkeep(
            Path location,
            String appId,
            TableLoader loader,
            InstantSource clock,
            Executor executor,
            LongSupplier nanoTime,
            AtomicLong failures) {
        this.outage = new Outage(nanoTime);
        this.location = location;
        this.appId = appId;
        this.loader = loader;
        this.clock = clock;
        this.executor = executor;
        this.failures = failures;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, UnsupportedTableException;
    }

    /** A snapshot that says the same as {@code base} and is lighter, if there is one; else {@code base}. */
    synchronized DeltaSnapshot lightest(DeltaSnapshot base) {
        DeltaSnapshot light = reloaded;
        reloaded = null;
        if (light == null) {
            return base;
        }
        if (!light.sameVersion(base)) {
            reloadDue = true;
            return base;
        }
        return light;
    }

    /** Takes up what a commit of ours leaves to be done. Returns at once. */
    void committed(DeltaSnapshot version, List<PostCommitHook> hooks, boolean checkpointDue) {
        synchronized (this) {
            newest = version;
        }
        for (PostCommitHook hook : hooks) {
            if (hook.getType() != PostCommitHookType.CHECKPOINT) {
                add(() -> runHook(hook, version));
            }
        }
        if (checkpointDue) {
            add(this::checkpoint);
        }
    }

    private synchronized void add(Step step) {
        if (steps.size() == STEPS_MAX) {
            steps.removeFirst();
            failures.incrementAndGet();
        }
        steps.addLast(step);
        if (!running) {
            start();
        }
    }

    private void start() {
        try {
            running = true;
            executor.execute(this::runSteps);
        } catch (RejectedExecutionException e) {
            running = false;
            steps.clear(); // shutting down
        }
    }

    private void runSteps() {
        for (Step step = next(); step != null; step = next()) {
            try {
                step.run();
                outage.healed();
            } catch (IOException | UnsupportedTableException | RuntimeException | Error e) {
                failures.incrementAndGet();
                long untold = outage.failed();
                if (untold > 0) {
                    LOG.atWarn()
                            .addKeyValue("failures", untold)
                            .setCause(e)
                            .log("Upkeep of the table at {} failed; the next commit makes up for it", location);
                }
            }
        }
    }

    private synchronized @Nullable Step next() {
        Step step = steps.pollFirst();
        DeltaSnapshot made = newest;
        if (step == null && reloadDue && made != null && made.version() > reloadTriedFor) {
            reloadTriedFor = made.version();
            return this::reload;
        }
        running = step != null;
        return step;
    }

    /** Looks whether the table is still the one of the commit: readers would take another's checksum for its own. */
    private void runHook(PostCommitHook hook, DeltaSnapshot version) throws IOException {
        hook.threadSafeInvoke(loader.engine());
        if (!version.isStillThere()) {
            Path checksum = location.resolve(String.format(Locale.ROOT, "_delta_log/%020d.crc", version.version()));
            loader.engine().getFileSystemClient().delete(checksum.toString());
            return;
        }
        if (hook.getType() == PostCommitHookType.CHECKSUM_FULL) {
            wantReload();
        }
    }

    private void checkpoint() throws IOException, UnsupportedTableException {
        Snapshot latest = loader.latest(location);
        if (isClockOff(latest)) {
            latest = loader.at(location, latest.getVersion());
        }
        try {
            latest.writeCheckpoint(loader.engine());
        } catch (CheckpointAlreadyExistsException e) {
            LOG.debug("Somebody else wrote the checkpoint of version {} at {}", latest.getVersion(), location);
        }
        wantReload();
    }

    private boolean isClockOff(Snapshot latest) {
        Instant committed = Instant.ofEpochMilli(latest.getTimestamp(loader.engine()));
        Duration skew = Duration.between(committed, clock.instant()).abs();
        if (skew.compareTo(CLOCK_SKEW_MAX) <= 0) {
            return false;
        }
        LOG.warn(
                "The clock is {} away from the last commit to {}: expired log files are left alone this time",
                skew,
                location);
        return true;
    }

    private synchronized void wantReload() {
        reloadDue = true;
    }

    /** Keeps the latest version, loaded afresh, if it is the one that we made last; else the next commit tries again. */
    private void reload() throws IOException, UnsupportedTableException {
        Snapshot latest = loader.latest(location);
        FileIdentity commit = DeltaSnapshot.commitOf(latest);
        Optional<Long> txn = latest.getLatestTransactionVersion(loader.engine(), appId);
        synchronized (this) {
            DeltaSnapshot made = newest;
            if (made == null || txn.isEmpty()) {
                return;
            }
            DeltaSnapshot fresh = new DeltaSnapshot(
                    latest,
                    commit,
                    TableLayout.of(latest),
                    made.columns(),
                    made.physicalColumns(),
                    OptionalLong.of(txn.get()),
                    OptionalLong.empty());
            if (fresh.sameVersion(made)) {
                reloaded = fresh;
                reloadDue = false;
            }
        }
    }
}
