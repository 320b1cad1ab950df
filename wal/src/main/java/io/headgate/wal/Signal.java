package io.headgate.wal;

import java.util.concurrent.TimeUnit;

/** Wakes a thread that has nothing to do. A raise while it is busy is kept for its next wait. */
final class Signal {
    private boolean raised;

    synchronized void raise() {
        raised = true;
        notifyAll();
    }

    /** Waits for a raise, at most so long. */
    synchronized void await(long maxMillis) {
        long start = System.nanoTime();
        long left = maxMillis;
        while (!raised && left > 0) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                // Kept pending, the interrupt would close the next file that the thread touches.
            }
            left = maxMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
        raised = false;
    }
}
