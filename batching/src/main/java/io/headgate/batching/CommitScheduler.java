package io.headgate.batching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Runs each table's commits when they are due, never two of one table at a time, and a few of all tables. An attempt whose
 * storage hangs is no longer counted among those few after a while, so that it costs the others nothing but a thread.
 * The scheduling itself is the method {@link #tick}, which a thread repeats and a simulation calls as it likes.
 */
final class CommitScheduler implements Runnable {
    /** What a task answers when only {@link #wake} can make it due again. */
    static final long NEVER = Long.MAX_VALUE;

    /** Attempts side by side, not counting those that are stuck. */
    static final int AT_ONCE = 4;

    /** Attempts in all: so many less {@link #AT_ONCE} can be stuck before the others suffer. */
    static final int RUNNING_MAX = 32;

    private static final long ROOM_LOOKED_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** One table's commits. */
    interface Task {
        /** Makes one attempt; returns the delay until the next in nanoseconds, or {@link #NEVER}. */
        long attempt();
    }

    private final LongSupplier nanoTime;
    private final Executor workers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<Task, Slot> slots = new HashMap<>();
    private final List<Slot> running = new ArrayList<>();
    private boolean stopped;

    CommitScheduler(LongSupplier nanoTime, Executor workers) {
        this.nanoTime = nanoTime;
        this.workers = workers;
    }

    /** Makes {@code task} due in {@code delayNanos} at the latest. Any thread; cheap. */
    void wake(Task task, long delayNanos) {
        lock.lock();
        try {
            Slot slot = slots.computeIfAbsent(task, t -> new Slot());
            makeDue(task, slot, nanoTime.getAsLong() + delayNanos);
        } finally {
            lock.unlock();
        }
    }

    private void makeDue(Task task, Slot slot, long atNanos) {
        if (slot.due && slot.dueNanos - atNanos <= 0) {
            return;
        }
        slot.due = true;
        slot.dueNanos = atNanos;
        if (!slot.running) {
            queue.add(new Due(atNanos, task));
            changed.signal();
        }
    }

    /**
     * Hands what is due to the workers, as far as there is room; returns the nanoseconds until it is worth another call,
     * or {@link #NEVER}.
     */
    long tick() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            for (Due next = queue.peek(); next != null; next = queue.peek()) {
                if (next.atNanos - now > 0) {
                    return next.atNanos - now;
                }
                if (!hasRoom(now)) {
                    return ROOM_LOOKED_FOR_NANOS;
                }
                queue.remove();
                start(next, now);
            }
            return NEVER;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(long now) {
        long moving = running.stream()
                .filter(slot -> now - slot.startedNanos < Trouble.SICK_NANOS)
                .count();
        return moving < AT_ONCE && running.size() < RUNNING_MAX;
    }

    private void start(Due next, long now) {
        Slot slot = slots.get(next.task);
        if (stopped || slot == null || slot.running || !slot.due || slot.dueNanos != next.atNanos) {
            return; // superseded by an earlier wake
        }
        slot.running = true;
        slot.startedNanos = now;
        slot.due = false;
        running.add(slot);
        workers.execute(() -> run(next.task, slot));
    }

    private void run(Task task, Slot slot) {
        long delayNanos = NEVER;
        try {
            delayNanos = task.attempt();
        } finally {
            finished(task, slot, delayNanos);
        }
    }

    private void finished(Task task, Slot slot, long delayNanos) {
        lock.lock();
        try {
            slot.running = false;
            running.remove(slot);
            boolean woken = slot.due;
            slot.due = false;
            if (woken) {
                makeDue(task, slot, slot.dueNanos);
            }
            if (delayNanos != NEVER) {
                makeDue(task, slot, nanoTime.getAsLong() + delayNanos);
            }
            if (!slot.due) {
                slots.remove(task);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Repeats {@link #tick} until {@link #stop}. */
    @Override
    public void run() {
        lock.lock();
        try {
            while (!stopped) {
                changed.awaitNanos(Math.min(tick(), TimeUnit.SECONDS.toNanos(1)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing more, and waits for what runs until {@code deadlineNanos}; tells whether all of it ended. */
    boolean stop(long deadlineNanos) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
            while (!running.isEmpty()) {
                long left = deadlineNanos - nanoTime.getAsLong();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static final class Slot {
        private boolean running;
        private boolean due;
        private long dueNanos;
        private long startedNanos;
    }

    private record Due(long atNanos, Task task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.signum(atNanos - other.atNanos);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
