package io.headgate.batching;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keys of accepted requests with their positions, off the heap, for as long as a window lasts or there is room: a ring in
 * the order of acceptance, and an index of its slots by hash. Grows by doubling up to its bound; from there on the oldest
 * key leaves for each new one. Confined to whoever holds its lock.
 *
 * <pre>
 *   ring    each entry: high 8, low 8, body 8, position 8, accepted 8 (nanoTime)
 *   index   linear probing, at most half full: ring slot + 1 in 4 bytes, 0 for none; deletion shifts back
 *           (Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm R)
 * </pre>
 */
final class KeyTable {
    /** Stands for a key that is not there. */
    static final int NONE = -1;

    static final int ENTRY_BYTES = 40;
    private static final int SLOT_BYTES = 4;
    private static final int FIRST_ENTRIES = 64;
    private static final int EXPIRED_PER_ADD = 4; // enough to catch up, and never long

    private static final int LOW = 8;
    private static final int BODY = 16;
    private static final int POSITION = 24;
    private static final int ACCEPTED = 32;

    private final long windowNanos;
    private final long seed;
    private final int maxEntries;
    private ByteBuffer ring;
    private ByteBuffer index;
    private int capacity;
    private int mask;
    private int head; // slot of the oldest
    private int size;
    private boolean stunted; // the machine had no memory for more
    private boolean shortened;
    private long shortenedAtNanos;
    private long shortenedToNanos;

    /**
     * @param maxBytes the most that it may take once grown; at least enough for one entry, at most 1 GiB
     * @param windowNanos how long a key stays
     * @param seed secret, so that nobody can choose keys that meet in one place
     */
    KeyTable(int maxBytes, long windowNanos, long seed) {
        this.windowNanos = windowNanos;
        this.seed = seed;
        this.maxEntries = maxEntries(maxBytes);
        this.capacity = Math.min(FIRST_ENTRIES, maxEntries);
        this.ring = direct(capacity * ENTRY_BYTES);
        this.index = index(capacity);
        this.mask = index.capacity() / SLOT_BYTES - 1;
    }

    /** The most entries whose ring and index fit: an index of a larger power of two leaves less to the ring. */
    private static int maxEntries(int maxBytes) {
        int most = 0;
        for (long slots = 2; slots * SLOT_BYTES < maxBytes; slots *= 2) {
            most = Math.max(most, (int) Math.min(slots / 2, (maxBytes - slots * SLOT_BYTES) / ENTRY_BYTES));
        }
        if (most == 0) {
            throw new IllegalArgumentException(maxBytes + " bytes are too few for one key");
        }
        return most;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer index(int entries) {
        int slots = Math.max(2, Integer.highestOneBit(2 * entries - 1) << 1);
        return direct(slots * SLOT_BYTES);
    }

    /** Where in the ring a key is that was accepted within the window; {@link #NONE} if it is not there. */
    int find(long high, long low, long nowNanos) {
        int slot = slotAt(probe(high, low));
        return slot == NONE || isOver(slot, nowNanos) ? NONE : slot;
    }

    long position(int slot) {
        return ring.getLong(slot * ENTRY_BYTES + POSITION);
    }

    long body(int slot) {
        return ring.getLong(slot * ENTRY_BYTES + BODY);
    }

    /**
     * Adds a key that {@link #find} does not find.
     *
     * @param acceptedNanos when it was accepted; not after {@code nowNanos}
     */
    void add(IdempotencyKey key, long position, long acceptedNanos, long nowNanos) {
        expire(nowNanos, EXPIRED_PER_ADD);
        if (size == capacity && !grow()) {
            shortened = true;
            shortenedAtNanos = nowNanos;
            shortenedToNanos = nowNanos - accepted(head);
            removeOldest();
        }
        int slot = (int) (((long) head + size) % capacity);
        int at = slot * ENTRY_BYTES;
        ring.putLong(at, key.high());
        ring.putLong(at + LOW, key.low());
        ring.putLong(at + BODY, key.body());
        ring.putLong(at + POSITION, position);
        ring.putLong(at + ACCEPTED, acceptedNanos);
        size++;
        // One that was over, but not yet removed, loses its place in the index.
        index.putInt(SLOT_BYTES * probe(key.high(), key.low()), slot + 1);
    }

    /**
     * Forgets, from the oldest on, what was accepted before the window.
     *
     * @param most entries to remove in this call
     * @return whether there is more to forget
     */
    boolean expire(long nowNanos, int most) {
        for (int removed = 0; size > 0 && isOver(head, nowNanos); removed++) {
            if (removed == most) {
                return true;
            }
            removeOldest();
        }
        return false;
    }

    int size() {
        return size;
    }

    /** Bytes taken now. */
    long bytes() {
        return (long) ring.capacity() + index.capacity();
    }

    /** How long keys are kept now: less than the window if the last to leave, within one window, left before its time. */
    long keptNanos(long nowNanos) {
        return shortened && nowNanos - shortenedAtNanos < windowNanos ? shortenedToNanos : windowNanos;
    }

    private boolean isOver(int slot, long nowNanos) {
        return nowNanos - accepted(slot) >= windowNanos;
    }

    private long accepted(int slot) {
        return ring.getLong(slot * ENTRY_BYTES + ACCEPTED);
    }

    /** The index's place that leads to a key or, if there is none, the free one that it would take. */
    private int probe(long high, long low) {
        int place = home(high);
        for (int slot = slotAt(place); slot != NONE; slot = slotAt(place)) {
            int at = slot * ENTRY_BYTES;
            if (ring.getLong(at) == high && ring.getLong(at + LOW) == low) {
                break;
            }
            place = place + 1 & mask;
        }
        return place;
    }

    private int slotAt(int place) {
        return index.getInt(SLOT_BYTES * place) - 1;
    }

    private int home(long high) {
        return (int) mix(high ^ seed) & mask;
    }

    /** Scatters bits (the finalizer of MurmurHash3). */
    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    private void removeOldest() {
        int at = head * ENTRY_BYTES;
        int place = probe(ring.getLong(at), ring.getLong(at + LOW));
        if (slotAt(place) == head) { // else the key came again after its time
            free(place);
        }
        head = head + 1 == capacity ? 0 : head + 1;
        size--;
    }

    /** Frees a place of the index, and moves up what was put behind it only because it was taken. */
    private void free(int place) {
        int gap = place;
        int next = place + 1 & mask;
        for (int slot = slotAt(next); slot != NONE; slot = slotAt(next)) {
            int home = home(ring.getLong(slot * ENTRY_BYTES));
            if ((next - home & mask) >= (next - gap & mask)) {
                index.putInt(SLOT_BYTES * gap, slot + 1);
                gap = next;
            }
            next = next + 1 & mask;
        }
        index.putInt(SLOT_BYTES * gap, 0);
    }

    /** Makes room for twice as many, within the bound; whether there is more now. */
    private boolean grow() {
        if (capacity == maxEntries || stunted) {
            return false;
        }
        int larger = (int) Math.min(2L * capacity, maxEntries);
        ByteBuffer newRing;
        ByteBuffer newIndex;
        try {
            newRing = direct(larger * ENTRY_BYTES);
            newIndex = index(larger);
        } catch (OutOfMemoryError e) {
            // Of direct memory, which is bounded by itself: what there is serves on, for a shorter window.
            stunted = true;
            return false;
        }
        int beforeWrap = (capacity - head) * ENTRY_BYTES;
        newRing.put(0, ring, head * ENTRY_BYTES, beforeWrap);
        newRing.put(beforeWrap, ring, 0, head * ENTRY_BYTES);
        ring = newRing;
        index = newIndex;
        capacity = larger;
        mask = index.capacity() / SLOT_BYTES - 1;
        head = 0;
        for (int slot = 0; slot < size; slot++) {
            int at = slot * ENTRY_BYTES;
            // In order of acceptance: of equal keys the later one stands, as before.
            index.putInt(SLOT_BYTES * probe(ring.getLong(at), ring.getLong(at + LOW)), slot + 1);
        }
        return true;
    }
}
