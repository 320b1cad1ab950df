package io.headgate.gateway.http;

import io.headgate.batching.Landing;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.TableStream;
import io.headgate.model.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells callers what became of their rows: at once, or as soon as they are in their table. One for each event loop, and
 * confined to it: a commit costs a loop one task, whoever waits for it there.
 */
final class ReceiptAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptAnswers.class);
    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    private static final int RETRY_AFTER_SECONDS = 2;

    private final SharedStreams streams;
    private final Executor lookUps;
    private final Executor loop;
    private final int lookUpMillisMax;
    private final Deadlines deadlines;
    private final Map<TableStream, TableWaits> waits = new HashMap<>();
    private boolean draining;

    /**
     * A request whose rows are durable.
     *
     * @param text the receipt that it was given
     * @param stream that of its table
     * @param position its place in the log
     */
    record Receipt(ReceiptText text, TableStream stream, long position) {}

    ReceiptAnswers(SharedStreams streams, ReceiptSettings settings, LongSupplier nanoTime, Executor loop) {
        this.streams = streams;
        this.lookUps = settings.lookUps();
        this.loop = loop;
        this.lookUpMillisMax = settings.waitMaxMillis();
        this.deadlines = new Deadlines(TimeUnit.MILLISECONDS.toNanos(settings.waitMaxMillis()), nanoTime);
    }

    /** Answers with what is known now. */
    void now(Exchange exchange, Receipt receipt) {
        Landing known = receipt.stream.landing(receipt.position);
        if (known != null) {
            answer(exchange, receipt, OK, known);
            return;
        }
        lookUp(receipt, (landing, problem) -> {
            if (landing == null) {
                exchange.fail(problem == null ? new IllegalStateException("No landing and no reason") : problem);
            } else {
                answer(exchange, receipt, OK, landing);
            }
        });
    }

    /**
     * Answers once the rows are in the table, or 202 when that takes too long or the gateway stops. Never refuses: the
     * rows are stored.
     *
     * @param over run before the answer, or when the client left
     */
    void inTable(Exchange exchange, Receipt receipt, Runnable over) {
        Wait wait = new Wait(exchange, receipt, over);
        TableWaits table = waits.computeIfAbsent(receipt.stream, TableWaits::new);
        table.members.add(wait); // before the first look, so that no commit falls between
        exchange.http().response().closeHandler(closed -> wait.clientLeft());
        deadlines.add(wait);
        if (!isNotYetIn(receipt)) {
            wait.landed();
        } else if (draining) {
            wait.overdue();
        }
    }

    private static boolean isNotYetIn(Receipt receipt) {
        Landing known = receipt.stream.landing(receipt.position);
        return known != null && known.state() == Landing.State.DURABLE;
    }

    /**
     * Ends the waits whose time is up, or all of them. To be called from time to time.
     *
     * @param stopping whether the gateway stops: nobody is kept waiting any more
     */
    void expire(boolean stopping) {
        deadlines.expire();
        draining = stopping;
        if (stopping) {
            List<Wait> all = new ArrayList<>();
            waits.values().forEach(table -> all.addAll(table.members));
            all.forEach(Wait::overdue);
        }
    }

    /** Takes what a table told, or why it did not. */
    @FunctionalInterface
    private interface LookUpHandler {
        void done(@Nullable Landing landing, @Nullable Throwable problem);
    }

    private void lookUp(Receipt receipt, LookUpHandler handler) {
        try {
            CompletableFuture<Landing> unused = CompletableFuture.supplyAsync(() -> lookUp(receipt), lookUps)
                    .completeOnTimeout(null, lookUpMillisMax, TimeUnit.MILLISECONDS)
                    .whenCompleteAsync((landing, problem) -> told(handler, landing, problem), loop);
        } catch (RejectedExecutionException e) {
            handler.done(null, unavailable("Too many receipts of old commits are looked up already"));
        }
    }

    private static void told(LookUpHandler handler, @Nullable Landing landing, @Nullable Throwable problem) {
        handler.done(landing, problem == null && landing == null ? unavailable("The table does not answer") : problem);
    }

    private Landing lookUp(Receipt receipt) {
        try {
            return streams.lookUp(receipt.stream.table(), receipt.position);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("table", receipt.stream.table().name())
                    .setCause(e)
                    .log("A receipt was not looked up");
            throw unavailable("The table alone can tell, and cannot be read now");
        }
    }

    private static RuntimeException unavailable(String problem) {
        return Refusal.unavailable(problem + ". The rows are safe; ask again later.", RETRY_AFTER_SECONDS)
                .asException();
    }

    private static void answer(Exchange exchange, Receipt receipt, int status, Landing landing) {
        exchange.json(status, ReceiptBody.of(receipt.text.toString(), receipt.text.table(), landing));
    }

    /** Those that wait for one table, which tells of its commits as long as there are any. */
    private final class TableWaits {
        private final TableStream stream;
        private final Runnable follower;
        private final Set<Wait> members = new LinkedHashSet<>();

        TableWaits(TableStream stream) {
            this.stream = stream;
            this.follower = () -> loop.execute(this::committed);
            stream.follow(follower);
        }

        private void committed() {
            List<Wait> in =
                    members.stream().filter(wait -> !isNotYetIn(wait.receipt)).toList();
            in.forEach(Wait::landed);
        }

        void leave(Wait wait) {
            members.remove(wait);
            if (members.isEmpty()) {
                stream.unfollow(follower);
                waits.remove(stream, this);
            }
        }
    }

    private final class Wait extends Deadlines.Waiting {
        private final Exchange exchange;
        private final Receipt receipt;
        private final Runnable over;
        private boolean ended;

        Wait(Exchange exchange, Receipt receipt, Runnable over) {
            this.exchange = exchange;
            this.receipt = receipt;
            this.over = over;
        }

        /** The table has it; what is not remembered of that is asked, as long as there is time. */
        void landed() {
            leaveTable();
            Landing known = receipt.stream.landing(receipt.position);
            if (known != null) {
                end(known);
            } else {
                lookUp(receipt, (landing, problem) -> end(landing == null ? Landing.NOT_YET : landing));
            }
        }

        @Override
        void overdue() {
            end(Landing.NOT_YET);
        }

        private void end(Landing landing) {
            if (leaveForGood()) {
                answer(exchange, receipt, landing.state() == Landing.State.DURABLE ? ACCEPTED : OK, landing);
            }
        }

        private void clientLeft() {
            if (leaveForGood()) {
                exchange.unanswered();
            }
        }

        private boolean leaveForGood() {
            if (ended) {
                return false;
            }
            ended = true;
            leave();
            leaveTable();
            over.run();
            return true;
        }

        private void leaveTable() {
            TableWaits table = waits.get(receipt.stream);
            if (table != null) {
                table.leave(this);
            }
        }
    }
}
