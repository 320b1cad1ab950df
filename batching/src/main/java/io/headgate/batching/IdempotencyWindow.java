package io.headgate.batching;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Knows the keys of requests that were accepted a while ago or are on their way into the log, so that a retry is answered
 * for the first and adds nothing. Any thread. Keys are spread over parts, each with a lock of its own that is held for
 * about a microsecond, or a few milliseconds where a part doubles.
 *
 * <p>A key counts from the moment its request was durable; one that recovery finds from its receipt, by the wall clock.
 */
public final class IdempotencyWindow {
    private static final int PARTS_MIN = 16;
    private static final int EXPIRED_PER_TURN = 1_000;
    private static final int PART_BYTES_MAX = 4 << 20; // doubles within a few milliseconds

    private final Duration window;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final long seed;
    private final Part[] parts;
    private final LongAdder replays = new LongAdder();

    /**
     * @param window how long a key is known, 1 ms or more
     * @param maxBytes of memory off the heap for all keys, 64 KiB to 64 GiB; a key takes 44 to 96 bytes of it
     * @param nanoTime {@link System#nanoTime}, or a test's clock
     * @param clock tells the age of recovered keys
     * @param random for the secret that spreads the keys
     */
    public IdempotencyWindow(
            Duration window, long maxBytes, LongSupplier nanoTime, InstantSource clock, RandomGenerator random) {
        this.window = window;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.seed = random.nextLong();
        int count = PARTS_MIN;
        while (maxBytes / count > PART_BYTES_MAX) {
            count *= 2;
        }
        this.parts = new Part[count];
        for (int i = 0; i < count; i++) {
            parts[i] = new Part(new KeyTable((int) (maxBytes / count), window.toNanos(), seed));
        }
    }

    /** What a request is known by while it is on its way. */
    private record Name(long high, long low) {
        static Name of(IdempotencyKey key) {
            return new Name(key.high(), key.low());
        }
    }

    /** An append with a key that is not durable yet. */
    private record UnderWay(long body, TableAppend append) {}

    /** Some of the keys. Guarded by itself. */
    private static final class Part {
        private final KeyTable accepted;
        private final Map<Name, UnderWay> underWay = new HashMap<>();

        Part(KeyTable accepted) {
            this.accepted = accepted;
        }
    }

    private Part partOf(IdempotencyKey key) {
        // The upper half of what the parts' tables use the lower half of.
        return parts[(int) (KeyTable.mix(key.high() ^ seed) >>> Integer.SIZE) & parts.length - 1];
    }

    /**
     * Answers a request whose key is known: at once, or together with the one under way.
     *
     * @return whether {@code ack} is or will be called on {@code loop}; if not, the key is new
     * @throws RefusedException KEY_REUSED if the key came with another body
     */
    public boolean answer(IdempotencyKey key, Executor loop, AckHandler ack) {
        Part part = partOf(key);
        long position;
        synchronized (part) {
            if (join(part, key, loop, ack)) {
                return true;
            }
            position = accepted(part, key);
        }
        return position >= 0 && replay(position, loop, ack);
    }

    /**
     * Offers an append that has a key, unless the key is known: then answers it as {@link #answer} does.
     *
     * @param offer offers it to the log; whatever it throws is thrown on, and the key stays free
     */
    void append(IdempotencyKey key, TableAppend append, Runnable offer) {
        Part part = partOf(key);
        long position;
        synchronized (part) {
            if (join(part, key, append.loop(), append.ack())) {
                return;
            }
            position = accepted(part, key);
            if (position < 0) {
                offer(part, key, append, offer);
                return;
            }
        }
        replay(position, append.loop(), append.ack());
    }

    /** Within the part's lock: nobody can wait for an append that is then refused. */
    private static void offer(Part part, IdempotencyKey key, TableAppend append, Runnable offer) {
        Name name = Name.of(key);
        part.underWay.put(name, new UnderWay(key.body(), append)); // before it can be forced
        boolean offered = false;
        try {
            offer.run();
            offered = true;
        } finally {
            if (!offered) {
                part.underWay.remove(name);
            }
        }
    }

    /** Whether the key is under way; then waits with it. */
    private boolean join(Part part, IdempotencyKey key, Executor loop, AckHandler ack) {
        UnderWay first = part.underWay.isEmpty() ? null : part.underWay.get(Name.of(key));
        if (first == null) {
            return false;
        }
        requireSameBody(key, first.body());
        first.append.alsoTell(loop, ack);
        replays.increment();
        return true;
    }

    /** The position that was accepted under the key; -1 if there is none. */
    private long accepted(Part part, IdempotencyKey key) {
        int slot = part.accepted.find(key.high(), key.low(), nanoTime.getAsLong());
        if (slot == KeyTable.NONE) {
            return -1;
        }
        requireSameBody(key, part.accepted.body(slot));
        return part.accepted.position(slot);
    }

    private boolean replay(long position, Executor loop, AckHandler ack) {
        replays.increment();
        loop.execute(() -> ack.durable(position, true));
        return true;
    }

    private void requireSameBody(IdempotencyKey key, long body) {
        if (key.body() != body) {
            throw Refusal.of(
                            Refusal.Code.KEY_REUSED,
                            "The Idempotency-Key came with another body before, within the last " + window.toSeconds()
                                    + " s (idempotency.window). Nothing of this request was stored; repeat a request"
                                    + " with the very same body, and give each new one a key of its own.")
                    .asException();
        }
    }

    /** An append with a key is durable. From now on nobody joins it. On the log's writer thread. */
    void forced(IdempotencyKey key, TableAppend append, long nowNanos) {
        Part part = partOf(key);
        synchronized (part) {
            part.underWay.remove(Name.of(key));
            part.accepted.add(key, append.position(), nowNanos, nowNanos);
        }
    }

    /**
     * An entry that recovery found carried this key. Of several positions under one key the first told stands; the same
     * may be told twice.
     */
    void recovered(long position, long receiveTimeMillis, IdempotencyKey key) {
        long now = nanoTime.getAsLong();
        long ageMillis = Math.max(0, clock.millis() - receiveTimeMillis); // the clock may have been set back
        if (ageMillis >= window.toMillis()) {
            return;
        }
        Part part = partOf(key);
        synchronized (part) {
            if (part.accepted.find(key.high(), key.low(), now) == KeyTable.NONE) {
                part.accepted.add(key, position, now - TimeUnit.MILLISECONDS.toNanos(ageMillis), now);
            }
        }
    }

    /** Keys known now, of accepted requests. */
    public long keys() {
        long now = nanoTime.getAsLong();
        for (Part part : parts) {
            boolean more = true;
            while (more) { // in short turns
                synchronized (part) {
                    more = part.accepted.expire(now, EXPIRED_PER_TURN);
                }
            }
        }
        return sum(KeyTable::size);
    }

    /** Bytes that they take off the heap. */
    public long bytes() {
        return sum(KeyTable::bytes);
    }

    private long sum(ToLongFunction<KeyTable> of) {
        long sum = 0;
        for (Part part : parts) {
            synchronized (part) {
                sum += of.applyAsLong(part.accepted);
            }
        }
        return sum;
    }

    /** How long a key is known now: less than the window if there was no room for all. */
    public Duration kept() {
        long now = nanoTime.getAsLong();
        long kept = window.toNanos();
        for (Part part : parts) {
            synchronized (part) {
                kept = Math.min(kept, part.accepted.keptNanos(now));
            }
        }
        return Duration.ofNanos(kept);
    }

    /** Requests answered for an earlier one, since the start. */
    public long replays() {
        return replays.sum();
    }
}
