package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Devices that send when it is their time, each over a connection of its own and one request at a time, whether or not the
 * gateway keeps up: {@code OpenLoop PORT MANAGEMENT_PORT TOKEN|DIRECTORY REQUESTS_PER_SECOND SECONDS CONNECTIONS ROWS
 * [HISTOGRAM [WARM_UP_SECONDS]]}, with what a {@link ClosedLoop} has written down in DIRECTORY, or such rows as {@code
 * insert.lua} has. Latencies count from the moment a request was due, so that a server that falls behind cannot hide it; a
 * request that is due while all devices wait for answers is not sent, and counted as such. With 0 requests per second each
 * device sends again as soon as it was answered: that rate is the peak.
 *
 * <p>Prints a line of CSV a second behind the warm-up, and a last one for all of them. Everything but the probe of the
 * gateway's health runs on one event loop.
 */
public final class OpenLoop implements Device.Listener {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long TICK_MICROS = 500;
    private static final int LATENCY_DIGITS = 3;
    private static final int HISTOGRAM = 7;
    private static final int WARM_UP = 8;
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final List<ByteBuf> requests;
    private final int perSecond;
    private final int seconds;
    private final int warmUpSeconds;
    private final HealthProbe health;
    private final EventLoop loop;
    private final Deque<Device> idle = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Tally all = new Tally();
    private Tally second = new Tally();
    private long startNanos;
    private long due;
    private int lines;
    private int ended;

    private OpenLoop(
            List<ByteBuf> requests, int perSecond, int seconds, int warmUpSeconds, HealthProbe health, EventLoop loop) {
        this.requests = requests;
        this.perSecond = perSecond;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.health = health;
        this.loop = loop;
    }

    /** Runs once; prints as above. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (HealthProbe health = HealthProbe.start(Integer.parseInt(args[1]))) {
            OpenLoop run = new OpenLoop(
                    Requests.of(args[2], Integer.parseInt(args[6])),
                    Integer.parseInt(args[3]),
                    Integer.parseInt(args[4]),
                    args.length > WARM_UP ? Integer.parseInt(args[WARM_UP]) : 0,
                    health,
                    (EventLoop) group.next());
            Device.connect(Integer.parseInt(args[5]), port, run.loop, run);
            System.out.println(Tally.HEADER);
            run.loop.execute(run::begin);
            run.over.await();
            if (args.length > HISTOGRAM) {
                Files.writeString(Path.of(args[HISTOGRAM]), run.all.histogram());
            }
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void begin() {
        // What devices sent when they connected is none of what is measured.
        second = new Tally();
        all = new Tally();
        startNanos = System.nanoTime();
        if (perSecond == 0) {
            for (Device device = idle.poll(); device != null; device = idle.poll()) {
                send(device, System.nanoTime());
            }
        } else {
            every(TICK_MICROS, this::sendDue);
        }
        every(SECOND_NANOS / 1_000, this::endSecond);
    }

    private void every(long micros, Runnable task) {
        Future<?> unused = loop.scheduleAtFixedRate(task, micros, micros, TimeUnit.MICROSECONDS);
    }

    private void sendDue() {
        long now = System.nanoTime();
        long upTo =
                Math.min((now - startNanos) * perSecond / SECOND_NANOS, (long) perSecond * (seconds + warmUpSeconds));
        for (; due < upTo; due++) {
            Device device = idle.poll();
            if (device != null) {
                send(device, startNanos + (due + 1) * SECOND_NANOS / perSecond);
            } else {
                second.unsent++;
                all.unsent++;
            }
        }
    }

    private void endSecond() {
        if (lines == seconds) {
            return;
        }
        long slowest = health.slowestNanos();
        if (++ended <= warmUpSeconds) {
            second = new Tally();
            all = new Tally();
            return;
        }
        second.sawHealth(slowest);
        all.sawHealth(slowest);
        System.out.println(second.line(Integer.toString(++lines)));
        second = new Tally();
        if (lines == seconds) {
            System.out.println(all.line("all"));
            over.countDown();
        }
    }

    private void send(Device device, long since) {
        second.sent++;
        all.sent++;
        device.send(requests.get(all.sent % requests.size()), since);
    }

    /** A device connects because it has something to send; one that does not would soon be cut off. */
    @Override
    public void connected(Device device) {
        send(device, System.nanoTime());
    }

    @Override
    public void answered(Device device, int status, int retryAfterSeconds) {
        long now = System.nanoTime();
        second.answered(status, now - device.dueNanos());
        all.answered(status, now - device.dueNanos());
        if (perSecond == 0 && startNanos != 0 && lines < seconds) {
            send(device, now);
        } else {
            idle.add(device);
        }
    }

    @Override
    public void lost(Device device) {
        second.other++;
        all.other++;
        idle.remove(device);
    }

    /** What came of the requests of a while. */
    private static final class Tally {
        static final String HEADER =
                "second,sent,ok,refused,other,unsent,p50_ms,p99_ms,slowest_health_ms,p999_ms,epoch_ms";

        private int sent;
        private int ok;
        private int refused;
        private int other;
        private int unsent;
        private long slowestHealthNanos;
        private final Histogram nanos = new Histogram(LATENCY_DIGITS);

        void answered(int status, long afterNanos) {
            if (status == OK) {
                ok++;
                nanos.recordValue(afterNanos);
            } else if (status == UNAVAILABLE || status == TOO_MANY_REQUESTS) {
                refused++;
            } else {
                other++;
            }
        }

        void sawHealth(long slowest) {
            slowestHealthNanos = Math.max(slowestHealthNanos, slowest);
        }

        /** Latencies in milliseconds by percentile, as CSV, and how many nines that is. */
        String histogram() {
            StringBuilder csv = new StringBuilder("nines,ms\n");
            for (double nines = 0; nines <= 5; nines += 0.1) {
                double percentile = 100 - 100 * Math.pow(10, -nines);
                csv.append(String.format("%.1f,%.3f%n", nines, nanos.getValueAtPercentile(percentile) / 1e6));
            }
            return csv.toString();
        }

        String line(String when) {
            return String.format(
                    "%s,%d,%d,%d,%d,%d,%.2f,%.2f,%.2f,%.2f,%d",
                    when,
                    sent,
                    ok,
                    refused,
                    other,
                    unsent,
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    slowestHealthNanos / 1e6,
                    nanos.getValueAtPercentile(99.9) / 1e6,
                    System.currentTimeMillis());
        }
    }
}
