package io.headgate.gateway.limits;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * The theoretical arrival times, see {@link Gcra}, of many who are limited alike, by 64-bit hash: 24 bytes each, in arrays
 * that never grow.
 *
 * <p>A hash has a set of 16 places that it may be in, half of which are taken on average when as many as were asked for are
 * there. An entry whose times have passed says nothing and makes room for another. Whoever finds none is counted under
 * one entry that all such share: so whoever is in stays in with what it used, and those beyond have one quota
 * together. No number of callers lifts a limit.
 *
 * <p>Any thread; short locks, each for a part of the sets. {@code now} is as for {@link Gcra}, and above 0.
 */
final class ArrivalTimes {
    private static final int WAYS = 16;
    private static final int LOCKS_MAX = 256;
    private static final int TIMES = 2;

    /** What became of an attempt, and the TATs after it. */
    record Outcome(boolean taken, long requestTat, long byteTat) {}

    private final long[] keys;
    private final long[] tats;
    private final Object[] locks;
    private final int shared;
    private final LongAdder sharing = new LongAdder();

    /** @param entries how many find a place, 1 to 2<sup>26</sup>; with hashes that spread well all but one in 250 do */
    ArrivalTimes(int entries) {
        int places = Math.max(WAYS, Integer.highestOneBit(2 * entries - 1) << 1);
        keys = new long[places];
        tats = new long[TIMES * (places + 1)];
        shared = places;
        locks = new Object[Math.min(LOCKS_MAX, places / WAYS)];
        Arrays.setAll(locks, i -> new Object());
    }

    /** What all of it occupies. */
    long sizeBytes() {
        return (long) Long.BYTES * (keys.length + tats.length);
    }

    /** How often a caller was counted under the shared entry. */
    long shared() {
        return sharing.sum();
    }

    /** Takes one request and {@code bytes}, if there is a unit left of each that is bounded; else nothing. */
    Outcome take(long hash, Limit limit, long now, long bytes) {
        int set = set(hash);
        synchronized (lock(set)) {
            int place = placeFor(hash, set, now);
            if (place >= 0) {
                return takeAt(place, limit, now, bytes);
            }
        }
        sharing.increment();
        synchronized (this) {
            return takeAt(shared, limit, now, bytes);
        }
    }

    /** Takes more bytes, whether any are left or not. */
    void charge(long hash, Gcra limit, long now, long bytes) {
        int set = set(hash);
        synchronized (lock(set)) {
            int place = placeFor(hash, set, now);
            if (place >= 0) {
                tats[TIMES * place + 1] = limit.after(tats[TIMES * place + 1], now, bytes);
                return;
            }
        }
        synchronized (this) {
            tats[TIMES * shared + 1] = limit.after(tats[TIMES * shared + 1], now, bytes);
        }
    }

    /** Gives back what was taken a moment ago; what was counted under the shared entry stays there. */
    void giveBack(long hash, Limit limit, long bytes) {
        int set = set(hash);
        synchronized (lock(set)) {
            int place = find(hash, set);
            if (place >= 0) {
                tats[TIMES * place] -=
                        limit.requests() == null ? 0 : limit.requests().nanosFor(1);
                tats[TIMES * place + 1] -=
                        limit.bytes() == null ? 0 : limit.bytes().nanosFor(bytes);
            }
        }
    }

    private Outcome takeAt(int place, Limit limit, long now, long bytes) {
        long requestTat = tats[TIMES * place];
        long byteTat = tats[TIMES * place + 1];
        if (limit.waitNanos(requestTat, byteTat, now) > 0) {
            return new Outcome(false, requestTat, byteTat);
        }
        if (limit.requests() != null) {
            requestTat = limit.requests().after(requestTat, now, 1);
            tats[TIMES * place] = requestTat;
        }
        if (limit.bytes() != null) {
            byteTat = limit.bytes().after(byteTat, now, bytes);
            tats[TIMES * place + 1] = byteTat;
        }
        return new Outcome(true, requestTat, byteTat);
    }

    private int set(long hash) {
        return (int) (hash >>> 32) & (keys.length / WAYS - 1);
    }

    private Object lock(int set) {
        return locks[set & (locks.length - 1)];
    }

    private int find(long hash, int set) {
        long key = key(hash);
        for (int place = set * WAYS; place < (set + 1) * WAYS; place++) {
            if (keys[place] == key) {
                return place;
            }
        }
        return -1;
    }

    /** Where {@code hash} is, from now on if it was not; -1 if there is no place for it. */
    private int placeFor(long hash, int set, long now) {
        int place = find(hash, set);
        if (place < 0) {
            place = freePlace(set, now);
            if (place >= 0) {
                keys[place] = key(hash);
                tats[TIMES * place] = 0;
                tats[TIMES * place + 1] = 0;
            }
        }
        return place;
    }

    private int freePlace(int set, long now) {
        for (int place = set * WAYS; place < (set + 1) * WAYS; place++) {
            if (tats[TIMES * place] <= now && tats[TIMES * place + 1] <= now) {
                return place;
            }
        }
        return -1;
    }

    /** Nobody's key is 0, which is that of places never used. */
    private static long key(long hash) {
        return hash == 0 ? 1 : hash;
    }
}
