package io.headgate.batching;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on bytes held at one time. What is reserved is released exactly once, by whoever reserved it. Any thread.
 */
public final class ByteBudget {
    private static final int SMALL_PARTS = 64;

    private volatile long maxBytes;
    private volatile long fullFromBytes = Long.MAX_VALUE;
    private final AtomicLong usedBytes = new AtomicLong();

    /** @param maxBytes the bound, 1 or more */
    public ByteBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A budget of " + maxBytes + " bytes admits nothing");
        }
        this.maxBytes = maxBytes;
    }

    /** Reserves {@code bytes} if they fit; otherwise nothing happens. */
    public boolean tryReserve(long bytes) {
        long used = usedBytes.get();
        while (bytes <= maxBytes - used) {
            if (usedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
            used = usedBytes.get();
        }
        if (bytes <= maxBytes / SMALL_PARTS) {
            fullFromBytes = used;
        }
        return false;
    }

    /**
     * Whether less is left than was not enough for somebody lately who asked for little: whoever needs some will hardly get
     * it, and need not begin.
     */
    public boolean isFull() {
        return usedBytes.get() >= fullFromBytes;
    }

    /** Moves the bound; what is held beyond it stays held, and nothing is admitted until it fits again. */
    public void limit(long newMaxBytes) {
        maxBytes = newMaxBytes;
        fullFromBytes = Long.MAX_VALUE;
    }

    /** Counts bytes that are held whether they fit or not: what recovery finds in the log. */
    public void reserveRegardless(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    /**
     * Gives back what was reserved.
     *
     * @throws IllegalStateException if more is given back than is held: a fault of ours that must not pass unseen
     */
    public void release(long bytes) {
        if (usedBytes.addAndGet(-bytes) < 0) {
            throw new IllegalStateException("Released " + bytes + " bytes more than were reserved");
        }
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    public long maxBytes() {
        return maxBytes;
    }
}
