package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments under concurrent load, recovery included; then every acked row is in its table once, and no
 * other row more than once.
 */
class KillRoundsTest {
    private static final int CLIENTS = 8;
    private static final List<String> TABLES = List.of("main.kill.one", "main.kill.two", "main.kill.three");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Set<String> acked = ConcurrentHashMap.newKeySet();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextId = new AtomicLong();

    @Test
    void nothingAckedIsLostAndNothingIsTwice() throws Exception {
        play(3);
    }

    @Test
    @Tag("slow")
    void nothingAckedIsLostAndNothingIsTwiceForLong() throws Exception {
        play(20);
    }

    private void play(int rounds) throws Exception {
        Random random = Seed.forTest("KillRoundsTest").random();
        try (HeadgateProgram program = new HeadgateProgram(
                directory,
                Jdks.current(),
                "log: { segment-bytes: 1MiB, max-bytes: 64MiB }\nlimits: { max-entry-bytes:"
                        + " 256KiB, table-unflushed-bytes: 32MiB }\ncommit: { interval: 200ms, file-target: 4MiB }\n")) {
            for (String table : TABLES) {
                program.createTable(table, "id STRING NOT NULL, n BIGINT");
            }
            String token = program.token("killer", TABLES.toArray(String[]::new));
            for (int round = 0; round < rounds; round++) {
                round(program, token, random);
            }
            program.start();
            Eventually.holds("all acked rows are in the tables", Duration.ofSeconds(60), () -> {
                check(program);
                return true;
            });
            assertEquals(0, program.terminate());
        }
    }

    private void round(HeadgateProgram program, String token, Random random) throws Exception {
        if (random.nextInt(3) == 0) {
            program.launchServe();
            pause(random.nextInt(1500)); // dies while it starts or recovers
            program.kill();
        }
        program.start();
        AtomicBoolean stop = new AtomicBoolean();
        int before = acked.size();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(random.nextLong());
            clients.execute(() -> client(program, token, own, stop));
        }
        Eventually.holds("the first ack of the round", Duration.ofSeconds(30), () -> acked.size() > before);
        pause(random.nextInt(2000));
        program.kill();
        stop.set(true);
        clients.shutdown();
        assertTrue(clients.awaitTermination(60, TimeUnit.SECONDS));
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private void client(HeadgateProgram program, String token, Random random, AtomicBoolean stop) {
        while (!stop.get()) {
            int table = random.nextInt(TABLES.size());
            List<String> ids = new ArrayList<>();
            StringBuilder body = new StringBuilder("[");
            for (int i = 0; i <= random.nextInt(4); i++) {
                String id = table + "-" + nextId.incrementAndGet();
                ids.add(id);
                body.append(i == 0 ? "" : ",")
                        .append("{\"id\":\"")
                        .append(id)
                        .append("\",\"n\":")
                        .append(i)
                        .append('}');
            }
            sent.addAll(ids);
            try {
                int status = program.post(
                                TABLES.get(table), token, body.append(']').toString())
                        .statusCode();
                if (status == 200) {
                    acked.addAll(ids);
                } else {
                    assertEquals(503, status);
                    sent.removeAll(ids);
                }
            } catch (IOException e) {
                return; // killed under us: the rows may or may not be in
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void check(HeadgateProgram program) throws Exception {
        Set<String> found = new HashSet<>();
        for (int table = 0; table < TABLES.size(); table++) {
            String prefix = table + "-";
            for (String id : new DeltaFiles(program.tableDirectory(TABLES.get(table))).values("id")) {
                assertTrue(id.startsWith(prefix), id + " is in another's table");
                assertTrue(found.add(id), id + " is in twice");
            }
        }
        assertTrue(sent.containsAll(found), "rows that were never sent, or were refused");
        Set<String> lost = new HashSet<>(acked);
        lost.removeAll(found);
        assertTrue(
                lost.isEmpty(),
                lost.size() + " of " + acked.size() + " acked rows are not in the tables: "
                        + lost.stream().limit(5).toList());
    }
}
