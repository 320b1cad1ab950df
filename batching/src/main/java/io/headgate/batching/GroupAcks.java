package io.headgate.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a forced group into pending rows of its tables, and then into acks: a few tasks per event loop and group, each short,
 * so that the loop can do something else in between however many requests the group held.
 */
final class GroupAcks implements GroupListener {
    private static final Logger LOG = LoggerFactory.getLogger(GroupAcks.class);
    private static final int TASK_ACKS_MAX = 8;

    private final LongSupplier nanoTime;
    private volatile long deliveredPosition;

    /** @param deliveredPosition one past the last position that recovery delivered */
    GroupAcks(LongSupplier nanoTime, long deliveredPosition) {
        this.nanoTime = nanoTime;
        this.deliveredPosition = deliveredPosition;
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
        batches.forEach(LoopBatch::submit);
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

        void submit() {
            try {
                for (int from = 0; from < acks.size(); from += TASK_ACKS_MAX) {
                    List<Ack> some = acks.subList(from, Math.min(acks.size(), from + TASK_ACKS_MAX));
                    loop.execute(() -> acknowledge(some));
                }
            } catch (RuntimeException e) {
                // A loop that is gone has nobody left to answer; the rows are durable all the same.
                LOG.debug("{} acks had no event loop left", acks.size(), e);
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
