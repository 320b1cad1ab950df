package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.coding.Coded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long small requests take beside bodies of 10 MiB and bodies that trickle in, and by themselves in the same run.
 *
 * <p>All of it shares the machine's cores with whatever else runs there, and one process with the clients. So what is
 * asserted is what does not hang on how fast it is: the usual request is a few milliseconds later at the most, or on a
 * slow machine a tenth of what a body of 10 MiB takes, and whoever comes at any moment waits for nothing like that time,
 * as it would on an event loop.
 */
class NeighboursTest {
    private static final int SMALL_CLIENTS = 4; // some on each event loop
    private static final int SLOW_CLIENTS = 8;
    private static final int ROUNDS = 2;
    private static final Duration PHASE = Duration.ofSeconds(1);
    private static final double LATER_MILLIS_MAX = 5;
    private static final String SMALL = "[{\"device_id\":\"pump-17\",\"temp\":21.5}" + " ".repeat(160) + "]";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Long> huge = new ConcurrentLinkedQueue<>();
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = Edge.large(directory);
        edge.warmUp();
    }

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdown();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    /** Latencies in nanoseconds, sorted. */
    private static final class Latencies {
        private final long[] sorted;

        private Latencies(long[] sorted) {
            this.sorted = sorted;
        }

        static Latencies of(Stream<long[]> parts) {
            return new Latencies(parts.flatMapToLong(LongStream::of).sorted().toArray());
        }

        /** What this share of the requests took at the most. */
        double ofRequests(double share) {
            return sorted[(int) (share * (sorted.length - 1))] / 1e6;
        }

        /**
         * The same for requests that come at any moment. Ours come with the answer to the one before, so one that takes
         * long stands for all that would have come meanwhile.
         */
        double ofMoments(double share) {
            double before = LongStream.of(sorted).sum() * share;
            int at = 0;
            for (double sum = sorted[0]; sum < before; sum += sorted[at]) {
                at++;
            }
            return sorted[at] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    "%d of p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p50 at any moment %.2f ms",
                    sorted.length, ofRequests(0.5), ofRequests(0.9), ofRequests(0.99), ofMoments(0.5));
        }
    }

    @Test
    void smallRequestsDoNotWaitForHugeOrSlowOnes() throws Exception {
        measure(); // warms up
        List<long[]> alone = new ArrayList<>();
        List<long[]> beside = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            alone.addAll(measure());
            beside.addAll(measureBesideOthers());
        }
        Latencies byThemselves = Latencies.of(alone.stream());
        Latencies besideOthers = Latencies.of(beside.stream());
        Latencies ofHuge = Latencies.of(huge.stream().map(nanos -> new long[] {nanos}));
        String seen =
                "NeighboursTest: alone " + byThemselves + "; beside others " + besideOthers + "; 10 MiB " + ofHuge;
        System.out.println(seen);
        double later = besideOthers.ofRequests(0.5) - byThemselves.ofRequests(0.5);
        assertTrue(later <= Math.max(LATER_MILLIS_MAX, ofHuge.ofRequests(0.5) / 10), seen);
        assertTrue(besideOthers.ofMoments(0.5) < ofHuge.ofRequests(0.5) / 3, seen);
    }

    private List<long[]> measureBesideOthers() throws Exception {
        byte[] body = records();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> others = List.of(
                threads.submit(() -> sendAgain(over, edge.insert("", body))),
                threads.submit(() -> sendAgain(over, edge.insert("Content-Encoding: gzip\r\n", Coded.gzip(body)))),
                threads.submit(() -> sendAgain(over, edge.insert("Content-Encoding: zstd\r\n", Coded.zstd(body)))),
                threads.submit(() -> trickle(over)));
        List<long[]> latencies = measure();
        over.set(true);
        for (Future<?> other : others) {
            other.get();
        }
        return latencies;
    }

    private static byte[] records() {
        String all = Edge.readings(300_000).replace('\n', ',');
        return ("[" + all.substring(0, all.lastIndexOf("},", (10 << 20) - 3) + 1) + "]")
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<long[]> measure() throws Exception {
        long end = System.nanoTime() + PHASE.toNanos();
        Callable<long[]> one = () -> latencies(end);
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> client : threads.invokeAll(Collections.nCopies(SMALL_CLIENTS, one))) {
            all.add(client.get());
        }
        return all;
    }

    private long[] latencies(long end) throws IOException {
        LongStream.Builder latencies = LongStream.builder();
        try (RawClient client = edge.client()) {
            String request = edge.insert(SMALL);
            long from = System.nanoTime();
            while (from < end) {
                assertEquals(200, client.send(request).answer().status());
                long to = System.nanoTime();
                latencies.add(to - from);
                from = to;
            }
        }
        return latencies.build().toArray();
    }

    private Void sendAgain(AtomicBoolean over, byte[] request) throws IOException {
        try (RawClient client = edge.client()) {
            do {
                long from = System.nanoTime();
                assertEquals(200, client.send(request).answer().status());
                huge.add(System.nanoTime() - from);
            } while (!over.get());
        }
        return null;
    }

    /** A byte of each body with each answer to a small request. */
    private Void trickle(AtomicBoolean over) throws IOException {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_CLIENTS; i++) {
            slow.add(edge.client().send(edge.head() + "Content-Length: " + (10 << 20) + "\r\n\r\n["));
        }
        try (RawClient pace = edge.client()) {
            while (!over.get()) {
                for (RawClient client : slow) {
                    client.send(" ");
                }
                assertEquals(200, pace.send(edge.insert(SMALL)).answer().status());
            }
        }
        for (RawClient client : slow) {
            client.close();
        }
        return null;
    }
}
