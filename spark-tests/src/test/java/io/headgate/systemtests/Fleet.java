package io.headgate.systemtests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Devices that insert all the time. Each numbers its rows from 1 and sends the next ones only after a 200 for those
 * before, so what was acked are rows 1 to n, whole.
 */
final class Fleet implements AutoCloseable {
    static final String COLUMNS = "device STRING NOT NULL, seq BIGINT NOT NULL, mark STRING, value BIGINT";
    private static final List<String> MARKS = List.of("keep", "delete", "update", "merge-update", "merge-delete");
    private static final int ROWS_PER_REQUEST = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<Device> devices = new ArrayList<>();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private final ExecutorService threads;
    private volatile boolean stop;
    private volatile boolean extra;

    /** One device. Its name, and what is known of its rows. */
    static final class Device {
        final String name;
        private volatile long acked;
        private volatile long extraFrom = Long.MAX_VALUE;

        private Device(String name) {
            this.name = name;
        }

        long acked() {
            return acked;
        }

        /** The first row that has a value for the column added later. */
        long extraFrom() {
            return extraFrom;
        }
    }

    /** Starts them. */
    Fleet(HeadgateProgram program, String table, String token, int count) {
        threads = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            Device device = new Device("d" + i);
            devices.add(device);
            running.add(CompletableFuture.runAsync(() -> run(device, program, table, token), threads));
        }
    }

    /** What is to become of a row: marks take turns, by its number. */
    static String mark(long seq) {
        return MARKS.get((int) (seq % MARKS.size()));
    }

    List<Device> devices() {
        return devices;
    }

    /** How many rows every device has been acked. */
    long ackedByAll() {
        return devices.stream().mapToLong(Device::acked).min().orElseThrow();
    }

    /** From now on each row has a value in a further column, {@code extra}. */
    void sendExtra() {
        extra = true;
    }

    private void run(Device device, HeadgateProgram program, String table, String token) {
        while (!stop) {
            boolean withExtra = extra;
            long from = device.acked + 1;
            if (withExtra && device.extraFrom == Long.MAX_VALUE) {
                device.extraFrom = from;
            }
            post(program, table, token, body(device.name, from, withExtra));
            device.acked = from + ROWS_PER_REQUEST - 1;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void post(HeadgateProgram program, String table, String token, String body) {
        try {
            HttpResponse<String> answer = program.post(table, token, body);
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.statusCode() + " " + answer.body());
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static String body(String device, long from, boolean withExtra) {
        return LongStream.range(from, from + ROWS_PER_REQUEST)
                .mapToObj(seq -> "{\"device\":\"%s\",\"seq\":%d,\"mark\":\"%s\",\"value\":%d%s}"
                        .formatted(device, seq, mark(seq), seq, withExtra ? ",\"extra\":" + seq : ""))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Lets requests under way end. Fails if any row was refused. */
    @Override
    public void close() {
        stop = true;
        threads.shutdown();
        running.forEach(CompletableFuture::join);
    }
}
