package io.headgate.gateway.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lines on their way to a stream that may be slow, or stuck: whoever has a line leaves it here and goes on; one daemon
 * thread writes. Neither a lock nor, as a rule, a wake-up is on the way in: the writer lets lines gather for a moment
 * before it takes them all. A line that finds the queue full is for its owner to count.
 */
final class LineQueue {
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int WRITE_CHARS = 64 << 10;

    private final OutputStream target;
    private final Supplier<List<Line>> notices;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong taken = new AtomicLong();
    private final StringBuilder text = new StringBuilder();
    private final Thread writer = new Thread(this::write, "headgate-log-output");
    private volatile LineFormat format;
    private volatile boolean idle;
    private volatile long written;

    /**
     * Starts the writer.
     *
     * @param notices asked about once a second, on the writer's thread, for what else is to be written
     */
    LineQueue(OutputStream target, LineFormat format, Supplier<List<Line>> notices) {
        this.target = target;
        this.format = format;
        this.notices = notices;
        writer.setDaemon(true);
        writer.start();
    }

    /** How lines look from the next one on. */
    void format(LineFormat next) {
        format = next;
    }

    /** Takes a line unless about {@code waitingMax} wait already. Any thread; never waits. */
    boolean offer(Line line, int waitingMax) {
        if (waiting.get() >= waitingMax) {
            return false;
        }
        waiting.incrementAndGet();
        lines.add(line);
        taken.incrementAndGet();
        if (idle) {
            LockSupport.unpark(writer);
        }
        return true;
    }

    /** Waits until what was taken by now is written, for so long at most; whether it is. */
    boolean flush(Duration atMost) {
        long target = taken.get();
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (written < target) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.unpark(writer);
            LockSupport.parkNanos(GATHER_NANOS);
        }
        return true;
    }

    private void write() {
        long noticedNanos = System.nanoTime();
        while (true) {
            writeWaiting();
            if (System.nanoTime() - noticedNanos >= IDLE_NANOS) {
                noticedNanos = System.nanoTime();
                notices.get().forEach(this::append);
                writeText();
            }
            idle = true;
            if (lines.isEmpty()) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
            idle = false;
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void writeWaiting() {
        long count = 0;
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            waiting.decrementAndGet();
            append(line);
            count++;
            if (text.length() >= WRITE_CHARS) {
                writeText();
                wrote(count);
                count = 0;
            }
        }
        writeText();
        wrote(count);
    }

    /** Nobody but the writer's thread adds to it. */
    private void wrote(long count) {
        long before = written;
        written = before + count;
    }

    private void append(Line line) {
        int start = text.length();
        try {
            format.append(line, text);
        } catch (RuntimeException e) {
            // Whatever is wrong with one line must not end the log.
            text.setLength(start);
        }
    }

    private void writeText() {
        if (text.isEmpty()) {
            return;
        }
        try {
            target.write(text.toString().getBytes(StandardCharsets.UTF_8));
            target.flush();
        } catch (IOException e) {
            // Nobody reads stderr any more, and there is no other place to say so.
        }
        text.setLength(0);
    }
}
