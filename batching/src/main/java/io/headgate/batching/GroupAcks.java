package io.headgate.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a forced group into pending rows of its tables, and then into acks: a few tasks per event loop and group, each short,
 * so that the loop can do something else in between however many requests the group held.
 *
 * <p>The log's next group waits for those acks, within a bound. Clients that were answered send again, and what they send while
 * a loop is still busy with the others' answers shares a force with it; without the wait, the writer would be off with the
 * first few of them.
 */
final class GroupAcks implements GroupListener {
    private static final Logger LOG = LoggerFactory.getLogger(GroupAcks.class);
    private static final int TASK_ACKS_MAX = 8;

    private final LongSupplier nanoTime;
    private final long waitNanosMax;
    private volatile long deliveredPosition;

    /**
     * @param deliveredPosition one past the last position that recovery delivered
     * @param waitMax how long the acks of a group are waited for; zero or more
     */
    GroupAcks(LongSupplier nanoTime, long deliveredPosition, Duration waitMax) {
        this.nanoTime = nanoTime;
        this.deliveredPosition = deliveredPosition;
        this.waitNanosMax = waitMax.toNanos();
    }

    /**
     * One past the last position whose rows count as pending with their table. Read it before asking the tables what is
     * pending, and everything below it is accounted for.
     */
    long deliveredPosition() {
        return deliveredPosition;
    }

    @Override
    public void forced(List<? extends Append> group) {
        long now = nanoTime.getAsLong();
        List<LoopBatch> batches = new ArrayList<>(2);
        for (Append append : group) {
            TableAppend durable = (TableAppend) append;
            durable.stream().forced(durable, now);
            add(batches, durable);
            durable.retries().forEach(retry -> add(batches, retry));
        }
        deliveredPosition = group.get(group.size() - 1).position() + 1;
        CountDownLatch busyLoops = new CountDownLatch(batches.size());
        batches.forEach(batch -> batch.submit(busyLoops));
        await(busyLoops);
    }

    private void await(CountDownLatch busyLoops) {
        try {
            // A loop that takes longer has other things to do, and its clients' next requests are far away.
            boolean unused = busyLoops.await(waitNanosMax, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void add(List<LoopBatch> batches, Ack ack) {
        batchOf(batches, ack.loop()).acks.add(ack);
    }

    private static LoopBatch batchOf(List<LoopBatch> batches, Executor loop) {
        for (LoopBatch batch : batches) {
            if (batch.loop.equals(loop)) {
                return batch;
            }
        }
        LoopBatch batch = new LoopBatch(loop);
        batches.add(batch);
        return batch;
    }

    /** The acks of one group that belong to one event loop. */
    private static final class LoopBatch {
        private final Executor loop;
        private final List<Ack> acks = new ArrayList<>();

        LoopBatch(Executor loop) {
            this.loop = loop;
        }

        /** @param busyLoops counted down once, after the last of these acks */
        void submit(CountDownLatch busyLoops) {
            try {
                for (int from = 0; from < acks.size(); from += TASK_ACKS_MAX) {
                    List<Ack> some = acks.subList(from, Math.min(acks.size(), from + TASK_ACKS_MAX));
                    boolean last = from + TASK_ACKS_MAX >= acks.size();
                    loop.execute(() -> {
                        acknowledge(some);
                        if (last) {
                            busyLoops.countDown();
                        }
                    });
                }
            } catch (RuntimeException e) {
                // A loop that is gone has nobody left to answer; the rows are durable all the same.
                LOG.debug("{} acks had no event loop left", acks.size(), e);
                busyLoops.countDown();
            }
        }

        private static void acknowledge(List<Ack> acks) {
            for (Ack ack : acks) {
                try {
                    ack.acknowledge();
                } catch (RuntimeException e) {
                    // One answer that fails must not keep the others of its group waiting.
                    LOG.warn("The answer to the request at position {} failed", ack.position(), e);
                }
            }
        }
    }
}
