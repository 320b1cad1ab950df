package io.headgate.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** The command behind {@code simulation/run}: any number of seeds, and what they met. */
final class Run {
    private static final long REPORT_EVERY = 10_000;

    private Run() {}

    /** Arguments: how many seeds, the first (else random), how many threads (else 1). */
    public static void main(String[] args) throws InterruptedException {
        long seeds = Long.parseLong(args[0]);
        long first = args.length > 1 ? Long.parseLong(args[1]) : new Random().nextLong();
        int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        System.out.println("Seeds " + first + " to " + (first + seeds - 1));
        long start = System.nanoTime();
        try {
            System.out.print(run(seeds, first, threads));
        } catch (ExecutionException e) {
            System.out.println(e.getCause());
            System.exit(1);
        }
        System.out.println(seeds + " seeds, none failed, in "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
    }

    private static Coverage run(long seeds, long first, int threads) throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Coverage>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(executor.submit(() -> part(next, seeds, first)));
            }
            Coverage all = new Coverage();
            for (Future<Coverage> part : parts) {
                all.add(part.get());
            }
            return all;
        } finally {
            executor.shutdownNow();
        }
    }

    private static Coverage part(AtomicLong next, long seeds, long first) {
        Coverage coverage = new Coverage();
        for (long i = next.getAndIncrement(); i < seeds; i = next.getAndIncrement()) {
            coverage.add(Simulation.run(first + i).coverage());
            if ((i + 1) % REPORT_EVERY == 0) {
                System.out.println(i + 1 + " seeds");
            }
        }
        return coverage;
    }
}
