package io.headgate.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tables' schemas, as a catalog gave them not long ago. The catalog is only ever asked on the executor, by one load at a
 * time per table.
 *
 * <p>How old an answer is, and what a caller then gets:
 *
 * <pre>
 *  0           refreshAfter       waitAfter                              staleMax
 *  |-- cached --|-- cached, while --|-- what a load says; what is cached, --|-- what a load says,
 *               |   a load runs     |   if the catalog cannot tell          |   UNAVAILABLE if it cannot tell
 * </pre>
 *
 * <p>So a busy table is always answered at once and a change of it is seen within {@code refreshAfter}, a table that was
 * idle is never judged by a schema from before its last change, and an outage of the catalog is not one of ours. Failed
 * loads are not cached, but count as a look for {@code refreshAfter} and {@code waitAfter}, so that a catalog in trouble
 * is not asked for every request.
 *
 * <p>Missing tables are remembered apart from those that exist: names that somebody makes up evict nothing else.
 */
public final class SchemaCache {
    private static final int RETRY_AFTER_SECONDS = 1;

    /**
     * The bounds.
     *
     * @param maxTables tables remembered, beyond which the least used are forgotten
     * @param recheckAfter age from which an answer is looked up again for a caller who doubts it; no table is looked up
     *     more often for that
     * @param refreshAfter age from which an answer is looked up again, when next used
     * @param waitAfter age from which that look-up is waited for
     * @param staleMax age to which an answer stands in for a catalog that cannot tell
     * @param maxMissing names of missing tables remembered
     * @param missingFor how long they are
     */
    public record Limits(
            int maxTables,
            Duration recheckAfter,
            Duration refreshAfter,
            Duration waitAfter,
            Duration staleMax,
            int maxMissing,
            Duration missingFor) {
        /**
         * 10,000 tables; rechecked after 1 s, refreshed after 5 s, waited for after 10 s, stale up to 1 h; 10,000 missing
         * for 500 ms.
         */
        public static final Limits DEFAULT = new Limits(
                10_000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                10_000,
                Duration.ofMillis(500));

        /** @throws IllegalArgumentException if the ages do not ascend or a count is not positive */
        public Limits {
            if (recheckAfter.isNegative()
                    || refreshAfter.compareTo(recheckAfter) < 0
                    || waitAfter.compareTo(refreshAfter) < 0
                    || staleMax.compareTo(waitAfter) < 0
                    || missingFor.isNegative()
                    || maxTables < 1
                    || maxMissing < 1) {
                throw new IllegalArgumentException("Not 0 <= recheckAfter " + recheckAfter + " <= refreshAfter "
                        + refreshAfter + " <= waitAfter " + waitAfter + " <= staleMax " + staleMax
                        + ", with room for a table and a missing one");
            }
        }
    }

    /** What callers get: a schema, or else a refusal. */
    private record Answer(
            @Nullable TableSchema schema, @Nullable RefusedException refusal) {
        static Answer refused(Refusal refusal) {
            return new Answer(null, refusal.asException());
        }

        void settle(CompletableFuture<TableSchema> future) {
            if (refusal != null) {
                future.completeExceptionally(refusal);
            } else {
                future.complete(schema);
            }
        }

        CompletableFuture<TableSchema> settled() {
            CompletableFuture<TableSchema> future = new CompletableFuture<>();
            settle(future);
            return future;
        }
    }

    /**
     * What the catalog said of a table.
     *
     * @param answer a schema or NOT_IMPLEMENTED
     * @param saidNanos when the catalog said so
     * @param askedNanos when it was last asked, whether or not it could tell
     */
    private record Known(Answer answer, long saidNanos, long askedNanos) {}

    private final TableCatalog catalog;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final SchemaMetrics metrics;
    private final long recheckAfterNanos;
    private final long refreshAfterNanos;
    private final long waitAfterNanos;
    private final long staleMaxNanos;
    private final Cache<TableName, Known> known;
    private final Cache<TableName, Answer> missing;
    private final ConcurrentMap<TableName, CompletableFuture<Answer>> loads = new ConcurrentHashMap<>();
    private volatile @Nullable String trouble;

    /** A cache that tells nobody of its work. */
    SchemaCache(TableCatalog catalog, Executor executor, LongSupplier nanoTime, Limits limits) {
        this(catalog, executor, nanoTime, limits, SchemaMetrics.NONE);
    }

    /**
     * @param executor runs the catalog's blocking calls
     * @param nanoTime as {@link System#nanoTime}
     * @param metrics told of what it does
     */
    public SchemaCache(
            TableCatalog catalog, Executor executor, LongSupplier nanoTime, Limits limits, SchemaMetrics metrics) {
        this.metrics = metrics;
        this.catalog = catalog;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.recheckAfterNanos = limits.recheckAfter().toNanos();
        this.refreshAfterNanos = limits.refreshAfter().toNanos();
        this.waitAfterNanos = limits.waitAfter().toNanos();
        this.staleMaxNanos = limits.staleMax().toNanos();
        // Housekeeping is short and runs where it arises: the executor is for the catalog alone.
        this.known = Caffeine.newBuilder()
                .maximumSize(limits.maxTables())
                .executor(Runnable::run)
                .build();
        this.missing = Caffeine.newBuilder()
                .maximumSize(limits.maxMissing())
                .expireAfterWrite(limits.missingFor())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * The table's schema; the very same instance for as long as the table does not change. Never blocks; any thread.
     *
     * @return already completed if the answer is cached, else completed on the executor; it fails with
     *     {@link RefusedException}: NOT_FOUND, NOT_IMPLEMENTED if the table uses what we cannot write, UNAVAILABLE if the
     *     catalog cannot tell
     */
    public CompletableFuture<TableSchema> get(TableName name) {
        Known cached = known.getIfPresent(name);
        if (cached == null) {
            Answer absent = missing.getIfPresent(name);
            if (absent == null) {
                return loaded(name);
            }
            metrics.remembered();
            return absent.settled();
        }
        long unasked = nanoTime.getAsLong() - cached.askedNanos();
        if (unasked >= waitAfterNanos || age(cached) >= staleMaxNanos) {
            return loaded(name);
        }
        if (unasked >= refreshAfterNanos) {
            CompletableFuture<Answer> unused = load(name);
        }
        metrics.remembered();
        return cached.answer().settled();
    }

    /**
     * As {@link #get}, for a caller whom the cached schema does not satisfy: rows have a field that it does not know, and
     * somebody may have just added the column. If the catalog was last asked {@code recheckAfter} ago or more, it is
     * asked now, by one load for all who wait; else the cached answer stands. Whether the table changed shows in the
     * instance. Never blocks; any thread.
     */
    public CompletableFuture<TableSchema> recheck(TableName name) {
        Known cached = known.getIfPresent(name);
        boolean due = cached != null && nanoTime.getAsLong() - cached.askedNanos() >= recheckAfterNanos;
        return due ? loaded(name) : get(name);
    }

    /** What the catalog failed with when last asked for a table; empty once it answers again. Any thread. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** What the next load says, as a future of the caller's own: timing it out or cancelling it harms nobody else. */
    private CompletableFuture<TableSchema> loaded(TableName name) {
        CompletableFuture<TableSchema> mine = new CompletableFuture<>();
        CompletableFuture<Void> unused = load(name).thenAccept(answer -> answer.settle(mine));
        return mine;
    }

    /** Joins the load that runs for this table, or starts one. Never fails: refusals are answers. */
    private CompletableFuture<Answer> load(TableName name) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> running = loads.putIfAbsent(name, mine);
        if (running != null) {
            return running;
        }
        try {
            executor.execute(() -> finish(name, mine, ask(name)));
        } catch (RejectedExecutionException e) {
            finish(name, mine, cannotTell(name, e));
        }
        return mine;
    }

    private void finish(TableName name, CompletableFuture<Answer> load, Answer answer) {
        loads.remove(name, load);
        load.complete(answer);
    }

    /** Whatever the catalog throws, an error of the virtual machine included, must not leave the load unfinished. */
    private Answer ask(TableName name) {
        try {
            Optional<TableSchema> found = catalog.load(name);
            return found.isPresent() ? exists(name, found.get()) : isMissing(name);
        } catch (RefusedException e) {
            boolean unsupported = e.refusal().code() == Refusal.Code.NOT_IMPLEMENTED;
            return unsupported ? said(name, new Answer(null, e)) : cannotTell(name, e);
        } catch (Throwable e) {
            return cannotTell(name, e);
        }
    }

    private Answer exists(TableName name, TableSchema found) {
        Known before = known.getIfPresent(name);
        if (before != null && found.equals(before.answer().schema())) {
            return said(name, before.answer());
        }
        return said(name, new Answer(found, null));
    }

    private Answer said(TableName name, Answer answer) {
        trouble = null;
        metrics.loaded(name);
        long now = nanoTime.getAsLong();
        known.put(name, new Known(answer, now, now));
        missing.invalidate(name);
        return answer;
    }

    private Answer isMissing(TableName name) {
        trouble = null;
        metrics.loaded(name);
        Answer absent = Answer.refused(Refusal.of(
                Refusal.Code.NOT_FOUND,
                "Table \"" + name + "\" cannot be found. Check the name, or create the table: ingest never does."));
        missing.put(name, absent);
        known.invalidate(name);
        return absent;
    }

    /** What was said before holds for a while, and the catalog is left alone for a moment. */
    private Answer cannotTell(TableName name, Throwable cause) {
        metrics.loadFailed(name, cause);
        trouble = "Table \"" + name + "\": " + cause;
        Known before = known.getIfPresent(name);
        if (before == null || age(before) >= staleMaxNanos) {
            return Answer.refused(Refusal.unavailable(
                    "The catalog cannot tell about table \"" + name + "\" at the moment: try again shortly.",
                    RETRY_AFTER_SECONDS));
        }
        known.put(name, new Known(before.answer(), before.saidNanos(), nanoTime.getAsLong()));
        return before.answer();
    }

    private long age(Known cached) {
        return nanoTime.getAsLong() - cached.saidNanos();
    }
}
