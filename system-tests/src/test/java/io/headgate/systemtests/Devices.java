package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Devices that send requests of a few rows as fast as they are answered unless told otherwise, and send a request again until it is acked, as
 * real ones do; and the account of what became of each attempt. Each row names its request and the attempt. Requests with
 * a key have one attempt, however often they are sent. Closing stops them.
 */
final class Devices implements AutoCloseable {
    /** What the tables of these devices look like. */
    static final String COLUMNS = "request BIGINT NOT NULL, attempt INT NOT NULL, n INT NOT NULL, filler STRING";

    private static final int ROWS_MAX = 4;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 100;

    /** What an attempt came to. Without an answer its rows may be in the table or not. */
    private enum Outcome {
        ACKED,
        REFUSED,
        UNANSWERED
    }

    private record Attempt(long request, int attempt) {}

    /** An acked request that had a key. */
    private record Keyed(long request, String table, int rows) {}

    /** What was sent, and what came of it. */
    private record Sent(String table, int rows, Outcome outcome) {}

    private final HeadgateProgram program;
    private final List<String> tables;
    private final String token;
    private final String filler;
    private final Map<Attempt, Sent> sent = new ConcurrentHashMap<>();
    private final AtomicLong nextRequest = new AtomicLong();
    private final AtomicLong acked = new AtomicLong();
    private final AtomicLong ackedBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final Queue<Long> ackMicros = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private @Nullable ExecutorService running;
    private boolean withKeys;
    private long betweenRequestsNanos;
    private volatile boolean stopped = true;
    private volatile String lastRefusal = "";

    /**
     * For tables that are there already.
     *
     * @param fillerBytes how much longer each row is than need be
     */
    Devices(HeadgateProgram program, List<String> tables, int fillerBytes) throws IOException, InterruptedException {
        this.program = program;
        this.tables = tables;
        this.token = program.token("devices", tables.toArray(String[]::new));
        this.filler = "x".repeat(fillerBytes);
    }

    /** Has each device started from now on wait for so long after each ack. */
    Devices pausing(Duration pause) {
        betweenRequestsNanos = pause.toNanos();
        return this;
    }

    /**
     * Has each device started from now on give half of its requests a key, and now and then send one again that was acked
     * under its key, as if that answer had been lost.
     */
    Devices withKeys() {
        withKeys = true;
        return this;
    }

    /** So many devices begin to send. */
    Devices start(int devices, Random random) {
        stopped = false;
        ExecutorService executor = Executors.newFixedThreadPool(devices);
        running = executor;
        for (int i = 0; i < devices; i++) {
            Random own = new Random(random.nextLong());
            executor.execute(() -> device(own));
        }
        return this;
    }

    private void device(Random random) {
        List<Keyed> done = new ArrayList<>();
        try {
            while (!stopped) {
                request(random, done);
                if (!done.isEmpty() && random.nextInt(10) == 0) {
                    repeat(done.get(random.nextInt(done.size())));
                }
                LockSupport.parkNanos(betweenRequestsNanos);
            }
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private void request(Random random, List<Keyed> done) throws InterruptedException {
        String table = tables.get(random.nextInt(tables.size()));
        int rows = 1 + random.nextInt(ROWS_MAX);
        boolean keyed = withKeys && random.nextBoolean();
        boolean doubtful = false;
        long request = nextRequest.incrementAndGet();
        for (int attempt = 1; !stopped; attempt++) {
            Attempt key = new Attempt(request, keyed ? 1 : attempt);
            sent.put(key, new Sent(table, rows, Outcome.UNANSWERED));
            long started = System.nanoTime();
            String body = body(key, rows);
            Outcome outcome =
                    keyed ? sendKeyed(table, request, body, false) : outcome(() -> program.post(table, token, body));
            doubtful |= outcome == Outcome.UNANSWERED;
            if (!keyed || !doubtful || outcome == Outcome.ACKED) {
                sent.put(key, new Sent(table, rows, outcome));
            }
            if (outcome == Outcome.ACKED) {
                if (keyed) {
                    done.add(new Keyed(request, table, rows));
                }
                acked.incrementAndGet();
                ackedBytes.addAndGet(body.length());
                ackMicros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started));
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_ATTEMPTS_MILLIS));
        }
    }

    /** Sends an acked request until it is acked again. */
    private void repeat(Keyed again) throws InterruptedException {
        String body = body(new Attempt(again.request, 1), again.rows);
        while (!stopped && sendKeyed(again.table, again.request, body, true) != Outcome.ACKED) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_ATTEMPTS_MILLIS));
        }
    }

    private Outcome sendKeyed(String table, long request, String body, boolean known) throws InterruptedException {
        return outcome(() -> {
            HttpResponse<String> answer = program.post(table, token, "request-" + request, body);
            boolean forAnother =
                    answer.headers().firstValue("Idempotency-Replayed").isPresent();
            replayed.addAndGet(forAnother ? 1 : 0);
            assertTrue(
                    forAnother || !known || answer.statusCode() != 200,
                    () -> "request " + request + " was acked under its key before, and is stored again");
            return answer;
        });
    }

    /** Sends a request, and waits for its answer. */
    @FunctionalInterface
    private interface Sending {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    private Outcome outcome(Sending sending) throws InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = sending.send();
        } catch (IOException e) {
            return Outcome.UNANSWERED;
        }
        if (answer.statusCode() == 200) {
            return Outcome.ACKED;
        }
        assertEquals(503, answer.statusCode(), answer.body());
        refused.incrementAndGet();
        lastRefusal = answer.body();
        return Outcome.REFUSED;
    }

    private String body(Attempt key, int rows) {
        StringBuilder body = new StringBuilder("[");
        for (int n = 0; n < rows; n++) {
            body.append(n == 0 ? "" : ",")
                    .append("{\"request\":" + key.request + ",\"attempt\":" + key.attempt + ",\"n\":" + n)
                    .append(",\"filler\":\"" + filler + "\"}");
        }
        return body.append(']').toString();
    }

    /** Requests acked so far. */
    long acked() {
        return acked.get();
    }

    /** Bytes of JSON acked so far. */
    long ackedBytes() {
        return ackedBytes.get();
    }

    /** Requests refused so far. */
    long refused() {
        return refused.get();
    }

    /** How long each ack since the last call took, in microseconds; sorted. */
    long[] takeAckMicros() {
        List<Long> taken = new ArrayList<>();
        for (Long each = ackMicros.poll(); each != null; each = ackMicros.poll()) {
            taken.add(each);
        }
        return taken.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** Waits until so many more requests are acked than now. */
    void awaitAcks(long more) {
        long enough = acked() + more;
        Eventually.holds(more + " more acks", Duration.ofSeconds(30), () -> {
            assertNoFailures();
            return acked() >= enough;
        });
    }

    /** Waits until a request is refused from now on; what it was told. */
    String awaitRefusal() {
        long before = refused.get();
        Eventually.holds("a refusal", Duration.ofSeconds(30), () -> {
            assertNoFailures();
            return refused.get() > before;
        });
        return lastRefusal;
    }

    /** No more is sent; returns once all answers are here. */
    void stop() throws InterruptedException {
        stopped = true;
        ExecutorService executor = running;
        if (executor != null) {
            executor.shutdown();
            assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS), "the devices do not end");
        }
        assertNoFailures();
    }

    private void assertNoFailures() {
        Throwable first = failures.peek();
        if (first != null) {
            throw new AssertionError("a device failed", first);
        }
    }

    /** Waits, after a stop, until the tables hold what was acked, all of it and once, and nothing that they must not. */
    void awaitAllAccountedFor() {
        Eventually.holds("all acked rows are in the tables", Duration.ofSeconds(60), () -> {
            assertAccountedFor();
            return true;
        });
    }

    /**
     * Fails unless all rows of acked attempts are in their tables once, none of a refused attempt are, those of an attempt
     * without an answer all are or none, and there is nothing else; as DuckDB counts them.
     */
    void assertAccountedFor() throws Exception {
        for (String table : tables) {
            Map<Attempt, Long> found = found(table);
            sent.forEach((attempt, each) -> {
                if (each.table.equals(table)) {
                    assertAccountedFor(attempt, each, found.remove(attempt));
                }
            });
            assertEquals(Map.of(), found, "rows in " + table + " that nobody sent there");
        }
    }

    private static void assertAccountedFor(Attempt attempt, Sent sent, @Nullable Long rows) {
        boolean complete = rows != null && rows == sent.rows;
        boolean fine = switch (sent.outcome) {
            case ACKED -> complete;
            case REFUSED -> rows == null;
            case UNANSWERED -> complete || rows == null;
        };
        assertTrue(fine, () -> attempt + " of " + sent + " has " + rows + " rows in the table");
    }

    /** Rows by attempt; fails if one is there twice. */
    private Map<Attempt, Long> found(String table) throws Exception {
        Map<Attempt, Long> found = new HashMap<>();
        for (List<@Nullable Object> row : new DeltaFiles(program.tableDirectory(table))
                .query("SELECT request, attempt, count(*), count(DISTINCT n) FROM rows GROUP BY request, attempt")) {
            Attempt attempt = new Attempt(number(row.get(0)), (int) number(row.get(1)));
            assertEquals(number(row.get(3)), number(row.get(2)), attempt + " is in " + table + " more than once");
            found.put(attempt, number(row.get(2)));
        }
        return found;
    }

    private static long number(@Nullable Object value) {
        return ((Number) java.util.Objects.requireNonNull(value)).longValue();
    }

    @Override
    public String toString() {
        return sent.size() + " attempts, " + acked + " acked, " + refused + " refused, " + replayed + " replayed";
    }

    @Override
    public void close() {
        stopped = true;
        if (running != null) {
            running.shutdownNow();
        }
    }
}
