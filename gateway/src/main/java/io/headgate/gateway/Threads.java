package io.headgate.gateway;

import io.headgate.batching.SharedStreams;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that may block; event loops belong to the servers, the writer thread to the log. */
final class Threads {
    private static final int CATALOG_THREADS = 2;
    private static final int LOOK_UP_THREADS = 2;
    private static final int LOOK_UPS_WAITING_MAX = 100;
    private static final int CLOSE_SECONDS = 5;

    private final ExecutorService commits = pool("headgate-commit", SharedStreams.ATTEMPTS_MAX);
    private final ExecutorService catalog = pool("headgate-catalog", CATALOG_THREADS);
    private final ExecutorService lookUps = new ThreadPoolExecutor(
            LOOK_UP_THREADS,
            LOOK_UP_THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(LOOK_UPS_WAITING_MAX),
            named("headgate-look-up", LOOK_UP_THREADS));
    private final ExecutorService upkeep = pool("headgate-upkeep", 1);
    private final ExecutorService timer = pool("headgate-commit-timer", 1);

    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(named("headgate-watch", 1));

    private static ExecutorService pool(String name, int threads) {
        return Executors.newFixedThreadPool(threads, named(name, threads));
    }

    private static ThreadFactory named(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, threads == 1 ? name : name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Commits. */
    Executor commits() {
        return commits;
    }

    /** Catalog look-ups. */
    Executor catalog() {
        return catalog;
    }

    /** Look-ups of old commits; throws RejectedExecutionException when 100 wait already. */
    Executor lookUps() {
        return lookUps;
    }

    /** What keeps tables cheap to read and is on nobody's path: checksums, checkpoints. */
    Executor upkeep() {
        return upkeep;
    }

    /** The one task that makes commits due. */
    Executor timer() {
        return timer;
    }

    /** Has {@code task} look at what others may change, again and again; what it throws ends that. */
    void watch(Runnable task, long everyMillis) {
        ScheduledFuture<?> unused = watch.scheduleWithFixedDelay(task, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /** Lets what runs end, for a while. Never interrupts: that would close files under whoever reads the log. */
    void close() {
        for (ExecutorService each : new ExecutorService[] {watch, timer, commits, upkeep, catalog, lookUps}) {
            each.shutdown();
        }
        try {
            if (!upkeep.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return; // daemons: the process may end without them
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
