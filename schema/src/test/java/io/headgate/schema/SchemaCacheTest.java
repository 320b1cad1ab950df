package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SchemaCacheTest {
    private static final TableName NAME = new TableName("main", "fleet", "telemetry");
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofSeconds(5);
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration STALE = Duration.ofHours(1);
    private static final Duration MISSING = Duration.ofMillis(500);
    private static final Duration INSTANT = Duration.ofNanos(1);

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Map<TableName, TableSchema> tables = new HashMap<>();
    private final List<TableName> asked = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Throwable failure;
    private final SchemaCache cache = new SchemaCache(
            this::lookUp,
            tasks::add,
            clock::nanoTime,
            new SchemaCache.Limits(100, RECHECK, REFRESH, WAIT, STALE, 3, MISSING));

    private Optional<TableSchema> lookUp(TableName name) throws IOException {
        asked.add(name);
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        return Optional.ofNullable(tables.get(name));
    }

    @Test
    void theFirstCallerWaitsAndTheNextDoNot() {
        TableSchema table = create(NAME, "a");
        CompletableFuture<TableSchema> first = cache.get(NAME);
        assertFalse(first.isDone(), "the catalog is asked on the executor");
        assertEquals(List.of(), asked);
        runTasks();
        assertSame(table, first.join());
        assertSame(table, cached());
        assertEquals(1, asked.size());
    }

    @Test
    void callersAtTheSameTimeShareOneLoad() {
        create(NAME, "a");
        List<CompletableFuture<TableSchema>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(cache.get(NAME));
        }
        assertTrue(callers.get(0).cancel(true), "one that gives up is alone in that");
        assertEquals(1, tasks.size());
        runTasks();
        callers.subList(1, 50).forEach(caller -> assertSame(tables.get(NAME), caller.join()));
        assertEquals(1, asked.size());
    }

    @Test
    void callersOnManyThreadsShareOneLoad() throws Exception {
        create(NAME, "a");
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            SchemaCache shared = new SchemaCache(
                    name -> {
                        loads.incrementAndGet();
                        awaitUninterrupted(release);
                        return Optional.ofNullable(tables.get(name));
                    },
                    threads,
                    clock::nanoTime,
                    SchemaCache.Limits.DEFAULT);
            Queue<CompletableFuture<TableSchema>> callers = new ConcurrentLinkedQueue<>();
            CountDownLatch arrived = new CountDownLatch(8);
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> {
                    callers.add(shared.get(NAME));
                    arrived.countDown();
                });
            }
            arrived.await();
            release.countDown();
            for (CompletableFuture<TableSchema> caller : callers) {
                assertSame(tables.get(NAME), caller.get());
            }
            assertEquals(1, loads.get());
        } finally {
            threads.shutdown();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aBusyTableIsRefreshedBehindItsCallers() {
        TableSchema before = createAndLoad();
        TableSchema after = create(NAME, "b");
        clock.advance(REFRESH.minus(INSTANT));
        assertSame(before, cached());
        assertEquals(0, tasks.size());
        clock.advance(INSTANT);
        assertSame(before, cached());
        assertSame(before, cached());
        assertEquals(1, tasks.size());
        runTasks();
        assertSame(after, cached());
        assertEquals(2, asked.size());
    }

    @Test
    void whoDoubtsAnAnswerGetsANewOneButNotAtAnyRate() {
        TableSchema before = createAndLoad();
        TableSchema after = create(NAME, "b");
        clock.advance(RECHECK.minus(INSTANT));
        assertSame(before, recheckedAtOnce());
        assertEquals(0, tasks.size(), "asked not long ago");

        clock.advance(INSTANT);
        List<CompletableFuture<TableSchema>> doubters = List.of(cache.recheck(NAME), cache.recheck(NAME));
        assertSame(before, cached(), "others are not kept waiting");
        assertFalse(doubters.get(0).isDone());
        assertEquals(1, tasks.size(), "one load for all");
        runTasks();
        doubters.forEach(doubter -> assertSame(after, doubter.join()));

        for (int i = 0; i < 1_000; i++) {
            assertSame(after, recheckedAtOnce());
        }
        assertEquals(2, asked.size());
    }

    @Test
    void aDoubtThatTheCatalogCannotClearUpLeavesTheAnswerAndTheCatalogAlone() {
        TableSchema table = createAndLoad();
        failure = new IOException("disk on fire");
        clock.advance(RECHECK);
        CompletableFuture<TableSchema> doubter = cache.recheck(NAME);
        runTasks();
        assertSame(table, doubter.join());
        assertSame(table, recheckedAtOnce());
        assertEquals(2, asked.size());
    }

    @Test
    void aDoubtAboutATableThatIsGoneIsCleared() {
        createAndLoad();
        tables.clear();
        clock.advance(RECHECK);
        CompletableFuture<TableSchema> doubter = cache.recheck(NAME);
        runTasks();
        assertEquals(Refusal.Code.NOT_FOUND, refusal(doubter).code());
        assertEquals(Refusal.Code.NOT_FOUND, refusal(cache.recheck(NAME)).code());
        assertEquals(2, asked.size());
    }

    @Test
    void nobodyAsksForATableThatNobodyUses() {
        createAndLoad();
        clock.advance(STALE);
        assertEquals(0, tasks.size());
        assertEquals(1, asked.size());
    }

    @Test
    void anUnchangedTableKeepsItsSchemaInstance() {
        TableSchema before = createAndLoad();
        for (int i = 0; i < 3; i++) {
            assertNotSame(before, create(NAME, "a"));
            clock.advance(REFRESH);
            cached();
            runTasks();
            assertSame(before, cached());
        }
        assertEquals(4, asked.size());
    }

    @Test
    void anIdleTableIsLookedUpBeforeItIsUsed() {
        createAndLoad();
        TableSchema after = create(NAME, "b");
        clock.advance(WAIT);
        CompletableFuture<TableSchema> caller = cache.get(NAME);
        assertFalse(caller.isDone());
        runTasks();
        assertSame(after, caller.join());
    }

    @Test
    void whatIsCachedServesWhileTheCatalogIsInTrouble() {
        TableSchema table = createAndLoad();
        failure = new IOException("disk on fire");
        clock.advance(WAIT);
        CompletableFuture<TableSchema> caller = cache.get(NAME);
        runTasks();
        assertSame(table, caller.join());
        assertEquals(
                "Table \"" + NAME + "\": java.io.IOException: disk on fire",
                cache.trouble().orElseThrow());
        assertSame(table, cached());
        assertEquals(0, tasks.size(), "a catalog in trouble is left alone for a moment");
        clock.advance(REFRESH);
        assertSame(table, cached());
        assertEquals(1, tasks.size());
        failure = null;
        runTasks();
        assertTrue(cache.trouble().isEmpty());
    }

    @Test
    void whatIsCachedServesForAsLongAsAllowed() {
        TableSchema table = createAndLoad();
        failure = new IllegalStateException("bug");
        Duration age = Duration.ZERO;
        for (; age.compareTo(STALE) < 0; age = age.plus(REFRESH)) {
            CompletableFuture<TableSchema> caller = cache.get(NAME);
            runTasks();
            assertSame(table, caller.join());
            clock.advance(REFRESH);
        }
        assertRefused(Refusal.Code.UNAVAILABLE, NAME);
        failure = null;
        assertSame(table, load());
    }

    @Test
    void troubleWithNothingCachedIsUnavailableAndForgotten() {
        for (Throwable thrown : List.of(
                new IOException("x"),
                new IllegalStateException("x"),
                new NoClassDefFoundError("x"),
                Refusal.unavailable("circuit open", 1).asException())) {
            failure = thrown;
            Refusal refusal = assertRefused(Refusal.Code.UNAVAILABLE, NAME);
            assertEquals(1, refusal.retryAfterSeconds());
        }
        failure = null;
        TableSchema table = create(NAME, "a");
        assertSame(table, load());
    }

    @Test
    void aMissingTableIsRememberedBriefly() {
        Refusal refusal = assertRefused(Refusal.Code.NOT_FOUND, NAME);
        assertTrue(refusal.message().startsWith("Table \"main.fleet.telemetry\" cannot be found."), refusal.message());
        TableSchema table = create(NAME, "a");
        clock.advance(MISSING.minus(INSTANT));
        assertRefusedAtOnce(Refusal.Code.NOT_FOUND, NAME);
        assertEquals(1, asked.size());
        clock.advance(INSTANT);
        assertSame(table, load());
    }

    @Test
    void madeUpNamesEvictNothing() {
        TableSchema table = createAndLoad();
        for (int i = 0; i < 1_000; i++) {
            assertRefused(Refusal.Code.NOT_FOUND, new TableName("main", "fleet", "no-" + i));
        }
        assertSame(table, cached());
        assertEquals(1_001, asked.size());
    }

    @Test
    void aDroppedTableIsGoneAfterTheNextLook() {
        createAndLoad();
        tables.clear();
        clock.advance(REFRESH);
        cached();
        runTasks();
        assertRefusedAtOnce(Refusal.Code.NOT_FOUND, NAME);
        clock.advance(MISSING);
        assertRefused(Refusal.Code.NOT_FOUND, NAME);
    }

    @Test
    void anUnsupportedTableIsCachedLikeAnyOther() {
        failure = Refusal.of(Refusal.Code.NOT_IMPLEMENTED, "Column \"x\" has the type variant.")
                .asException();
        assertRefused(Refusal.Code.NOT_IMPLEMENTED, NAME);
        clock.advance(REFRESH.minus(INSTANT));
        assertRefusedAtOnce(Refusal.Code.NOT_IMPLEMENTED, NAME);
        assertEquals(1, asked.size());
        clock.advance(INSTANT);
        failure = null;
        TableSchema table = create(NAME, "a");
        assertRefusedAtOnce(Refusal.Code.NOT_IMPLEMENTED, NAME);
        runTasks();
        assertSame(table, cached());
        failure = Refusal.of(Refusal.Code.NOT_IMPLEMENTED, "Column \"x\" uses identity columns.")
                .asException();
        clock.advance(REFRESH);
        assertSame(table, cached());
        runTasks();
        assertRefusedAtOnce(Refusal.Code.NOT_IMPLEMENTED, NAME);
    }

    @Test
    void theLeastUsedTablesAreForgottenBeyondTheBound() {
        for (int i = 0; i < 300; i++) {
            TableName name = new TableName("main", "fleet", "t" + i);
            create(name, "a");
            CompletableFuture<TableSchema> caller = cache.get(name);
            runTasks();
            assertSame(tables.get(name), caller.join());
        }
        int still = 0;
        for (int i = 0; i < 300; i++) {
            still += cache.get(new TableName("main", "fleet", "t" + i)).isDone() ? 1 : 0;
        }
        assertTrue(still <= 100, "cached: " + still);
        assertTrue(still > 50, "cached: " + still);
    }

    @Test
    void anExecutorThatIsFullIsTroubleToo() {
        create(NAME, "a");
        boolean[] full = {true};
        SchemaCache busy = new SchemaCache(
                this::lookUp,
                task -> {
                    if (full[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                clock::nanoTime,
                SchemaCache.Limits.DEFAULT);
        assertEquals(Refusal.Code.UNAVAILABLE, refusal(busy.get(NAME)).code());
        full[0] = false;
        assertSame(tables.get(NAME), busy.get(NAME).join());
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        refusedLimits(1, INSTANT.negated(), REFRESH, WAIT, STALE, 1);
        refusedLimits(1, REFRESH.plus(INSTANT), REFRESH, WAIT, STALE, 1);
        refusedLimits(1, RECHECK, WAIT, REFRESH, STALE, 1);
        refusedLimits(1, RECHECK, REFRESH, STALE, WAIT, 1);
        refusedLimits(0, RECHECK, REFRESH, WAIT, STALE, 1);
        refusedLimits(1, RECHECK, REFRESH, WAIT, STALE, 0);
    }

    private static void refusedLimits(
            int maxTables, Duration recheck, Duration refresh, Duration wait, Duration stale, int maxMissing) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new SchemaCache.Limits(maxTables, recheck, refresh, wait, stale, maxMissing, MISSING));
    }

    private TableSchema create(TableName name, String column) {
        List<Column> columns = List.of(new Column(column, ColumnType.STRING, true));
        TableSchema table = new TableSchema(name, new TableId("id"), "/t", columns, SchemaJson.write(columns));
        tables.put(name, table);
        return table;
    }

    private TableSchema createAndLoad() {
        create(NAME, "a");
        return load();
    }

    private TableSchema load() {
        CompletableFuture<TableSchema> caller = cache.get(NAME);
        runTasks();
        return caller.join();
    }

    private TableSchema cached() {
        CompletableFuture<TableSchema> caller = cache.get(NAME);
        assertTrue(caller.isDone());
        return caller.join();
    }

    private TableSchema recheckedAtOnce() {
        CompletableFuture<TableSchema> caller = cache.recheck(NAME);
        assertTrue(caller.isDone());
        return caller.join();
    }

    private Refusal assertRefused(Refusal.Code code, TableName name) {
        CompletableFuture<TableSchema> caller = cache.get(name);
        runTasks();
        Refusal refusal = refusal(caller);
        assertEquals(code, refusal.code());
        return refusal;
    }

    private void assertRefusedAtOnce(Refusal.Code code, TableName name) {
        CompletableFuture<TableSchema> caller = cache.get(name);
        assertTrue(caller.isDone());
        assertEquals(code, refusal(caller).code());
    }

    private static Refusal refusal(CompletableFuture<TableSchema> caller) {
        ExecutionException failed = assertThrows(ExecutionException.class, caller::get);
        return assertInstanceOf(RefusedException.class, failed.getCause()).refusal();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
